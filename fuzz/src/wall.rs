//! The most memory that an input may take, and what becomes of a process that takes more.
//!
//! Docmill gives some formats to processes of their own, since it is not docmill's own code that reads them: a library that takes
//! memory without end ends such a process, and the file is in quarantine. Here is one process for all: with a target of such a format
//! it ends with [`WALLED`], which is no find. With every other it aborts, which is one.

use std::alloc::{GlobalAlloc, Layout, System};
use std::io::Write as _;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Most bytes that are held at a time.
const MOST: usize = 1 << 30;
/// How a process ends whose input a process of its own would not have survived.
const WALLED: i32 = 33;

static HELD: AtomicUsize = AtomicUsize::new(0);
static HAS_WALL: AtomicBool = AtomicBool::new(false);

/// Says whether docmill gives the inputs of this process to a process of their own.
pub(crate) fn set_wall(walled: bool) {
    HAS_WALL.store(walled, Ordering::Relaxed);
}

/// The system's allocator, with a limit.
struct Limited;

#[global_allocator]
static ALLOCATOR: Limited = Limited;

// SAFETY: all memory is the system allocator's, with the layouts as they come.
unsafe impl GlobalAlloc for Limited {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        take(layout.size());
        // SAFETY: the caller's promises are those that the system's allocator asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        take(layout.size());
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        take(size);
        give(layout.size());
        // SAFETY: as above.
        unsafe { System.realloc(memory, layout, size) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        give(layout.size());
        // SAFETY: as above.
        unsafe { System.dealloc(memory, layout) }
    }
}

fn take(bytes: usize) {
    let held = HELD.fetch_add(bytes, Ordering::Relaxed);
    if held.saturating_add(bytes) > MOST {
        end();
    }
}

fn give(bytes: usize) {
    HELD.fetch_sub(bytes, Ordering::Relaxed);
}

fn end() -> ! {
    unsafe extern "C" {
        fn _exit(status: i32) -> !;
    }
    // Nothing here may take memory.
    let _ = std::io::stderr().write_all(b"docmill-fuzz: an input took more than 1 GiB\n");
    if HAS_WALL.load(Ordering::Relaxed) {
        // SAFETY: it takes no memory and does not come back. What runs at the exit of a process would tell libFuzzer of a find.
        unsafe { _exit(WALLED) }
    }
    std::process::abort()
}
