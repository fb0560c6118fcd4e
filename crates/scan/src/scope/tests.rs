//! The table of what may be scanned.
