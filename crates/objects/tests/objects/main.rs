//! The input of object stores and of the web, against a server of S3 and servers of HTTP on this machine.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod ahead;
mod faults;
mod listing;
mod options;
mod proxy;
mod reading;
mod script;
mod server;
mod web;
