//! The trait that a caller implements to follow a running scan.
//!
//! It must not know which backend runs the scan.

use std::net::SocketAddr;

use vigie_linux::tcp_connect::Outcome;
use vigie_scan::checkpoint::Checkpoint;
use vigie_scan::event::{EndReason, Progress};
use vigie_scan::{Event, Purpose};

/// Follows a running scan: receives its events and progress, stores its checkpoints, asks it to stop.
///
/// All calls come from the thread that called `run`. The first error ends the scan.
pub trait Observer {
    /// Why the observer cannot continue, for example a full disk.
    type Error;

    /// Receives an event.
    fn event(&mut self, event: &Event) -> Result<(), Self::Error>;

    /// Called after a batch of events, when no more are ready: buffered output should be flushed.
    fn flush(&mut self) -> Result<(), Self::Error> {
        Ok(())
    }

    /// Called when the next window of hosts begins. All events so far belong to earlier windows.
    fn window(&mut self) -> Result<(), Self::Error> {
        Ok(())
    }

    /// Receives the progress, about ten times a second.
    fn progress(&mut self, progress: Progress) -> Result<(), Self::Error>;

    /// Returns whether a checkpoint is due, or `None` if this scan writes none.
    fn checkpoint_due(&self) -> Option<bool> {
        None
    }

    /// Offers a checkpoint: about ten times a second, and once more (`last`) before a stop.
    ///
    /// `make` builds the checkpoint with the given notes. It is expensive: call it only when a checkpoint is due.
    fn checkpoint(
        &mut self,
        last: bool,
        make: &dyn Fn(Vec<String>) -> Checkpoint,
    ) -> Result<(), Self::Error> {
        let _ = (last, make);
        Ok(())
    }

    /// Returns why the scan must stop now, if it must.
    fn stop(&self) -> Option<EndReason>;

    /// Returns whether [`Observer::frame`] and [`Observer::connection`] should be called. Frames cost time and limit
    /// the scan to one thread.
    fn wants_frames(&self) -> bool {
        false
    }

    /// Receives a frame that was sent (with its purpose) or received (without) on interface `link` at `at`, Unix
    /// time in ns.
    fn frame(
        &mut self,
        at: u64,
        link: u32,
        purpose: Option<Purpose>,
        bytes: &[u8],
    ) -> Result<(), Self::Error> {
        let _ = (at, link, purpose, bytes);
        Ok(())
    }

    /// Receives the new state of a connection to `to`.
    fn connection(&mut self, to: SocketAddr, state: &ConnectionState) -> Result<(), Self::Error> {
        let _ = (to, state);
        Ok(())
    }
}

/// State of a connection that a connect scan asked the kernel for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectionState {
    /// The SYN was sent.
    Started,
    /// The attempt ended.
    Ended(Outcome),
    /// The scan gave the attempt up: no answer in time.
    GivenUp,
}
