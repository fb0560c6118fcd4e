//! The lessons, one file each, and their list. A new one is a file with a `LESSON`, its name in the list below, and
//! its text file in every language.

use super::lesson::Lesson;

/// Declares the files and lists their lessons, in the order in which they are taught.
macro_rules! lessons {
    ($($name:ident)*) => {
        $(mod $name;)*

        /// Every lesson, in the order in which they are taught.
        pub static LESSONS: &[Lesson] = &[$($name::LESSON),*];
    };
}

lessons! {
    port
    inside
    udp
    handshake
    syn
    connect
    udpscan
    ranges
    packets
    capture
    firewalls
    own
    law
}
