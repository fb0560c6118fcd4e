//! The forms of output.
