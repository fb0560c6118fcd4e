//! The binary. All code is in the library of the same name.

fn main() -> std::process::ExitCode {
    vigie::main()
}
