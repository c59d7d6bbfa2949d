//! Why a run failed: one line for people (RUN-3).

use std::fmt;
use std::io;

/// What went wrong, as one line without a line feed.
#[derive(Debug)]
pub struct Failure(String);

pub type Result<T> = std::result::Result<T, Failure>;

/// What there is no value of: a result of what returns only if it fails.
#[allow(dead_code)] // one of the two programs never ends
pub enum Never {}

impl Failure {
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    /// The same failure, with what it happened to in front.
    pub fn of(self, what: impl fmt::Display) -> Self {
        Self(format!("{what}: {}", self.0))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<rustix::io::Errno> for Failure {
    fn from(error: rustix::io::Errno) -> Self {
        io::Error::from(error).into()
    }
}

/// A name from outside, fit to be printed: escapes what is not printable ASCII.
pub fn shown(name: &[u8]) -> impl fmt::Display + '_ {
    name.escape_ascii()
}
