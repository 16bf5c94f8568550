//! The command line.

mod cli;

use std::process::ExitCode;

/// The stack of the main thread: on Windows it is 1 MiB, too little for the plans of the table engine.
const STACK: usize = 64 << 20;

fn main() -> ExitCode {
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(cli::main);
    match thread.map(std::thread::JoinHandle::join) {
        Ok(Ok(code)) => code,
        // A panic has told what it was; without a thread there is the small stack.
        Ok(Err(_)) => ExitCode::from(101),
        Err(_) => cli::main(),
    }
}
