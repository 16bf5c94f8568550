//! A progress line for anything that takes over a second; none when nobody watches.

use std::io::IsTerminal;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget};

/// A stage being worked on; dropping it removes the line.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    _done: Sender<()>,
}

impl Progress {
    /// Starts a stage; its line appears after a second, on a terminal only.
    pub fn stage(name: &str) -> Progress {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        bar.set_message(name.to_owned());
        let (done, waiting) = channel::<()>();
        if std::io::stderr().is_terminal() {
            let bar = bar.clone();
            std::thread::spawn(move || {
                if waiting.recv_timeout(Duration::from_secs(1)) == Err(RecvTimeoutError::Timeout) {
                    bar.set_draw_target(ProgressDrawTarget::stderr());
                    bar.enable_steady_tick(Duration::from_millis(120));
                }
            });
        }
        Progress { bar, _done: done }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
