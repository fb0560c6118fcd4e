//! SIGINT (Ctrl-C) and SIGTERM: a flag that long work polls.
//!
//! The second signal ends the program at once. This file must not know what is interrupted.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use crate::exit::Exit;

/// Whether a signal has requested that the program end.
#[derive(Clone, Debug, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Installs the handlers of SIGINT and SIGTERM.
    ///
    /// If they cannot be installed, the signals end the program as they do by default.
    pub fn listen() -> Interrupt {
        let stop = Arc::new(AtomicBool::new(false));
        let code = i32::from(Exit::Interrupted.code());
        for signal in [SIGINT, SIGTERM] {
            // In this order: the first signal finds the flag unset and sets it, the second ends the program.
            let _ = flag::register_conditional_shutdown(signal, code, Arc::clone(&stop));
            let _ = flag::register(signal, Arc::clone(&stop));
        }
        Interrupt(stop)
    }

    /// Whether a signal has arrived.
    pub fn is_wanted(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
