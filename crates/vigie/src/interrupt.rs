//! Ctrl-C and the wish of the system to end: a flag that long work looks at.
//!
//! The second Ctrl-C ends the program at once. This file must not know what is
//! interrupted.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use crate::exit::Exit;

/// Whether the user or the system wants the program to end.
#[derive(Clone, Debug, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Begins to listen to SIGINT and SIGTERM.
    ///
    /// Where the handlers cannot be installed, the signals end the program as
    /// they always do: less comfortable, and nothing is lost that was printed.
    pub fn listen() -> Interrupt {
        let wanted = Arc::new(AtomicBool::new(false));
        let code = i32::from(Exit::Interrupted.code());
        for signal in [SIGINT, SIGTERM] {
            // In this order: the first signal finds the flag unset and sets it, the second ends the program.
            let _ = flag::register_conditional_shutdown(signal, code, Arc::clone(&wanted));
            let _ = flag::register(signal, Arc::clone(&wanted));
        }
        Interrupt(wanted)
    }

    /// Whether it is time to stop.
    pub fn is_wanted(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
