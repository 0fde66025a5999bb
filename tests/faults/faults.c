/*
 * Faults of a disk, for tests: a library that is loaded before libc (LD_PRELOAD) and lets chosen calls fail, or ends the process
 * in front of them. What it does is set by the environment; see tests/src/faults.rs.
 *
 *   FAULT_CALLS   names of calls, with commas around each: ",rename,linkat,"
 *   FAULT_PATH    a part of the path that the call is about; a file is known by its descriptor
 *   FAULT_FIRST   the first matching call that fails, counted from 1; none where it is not set
 *   FAULT_LAST    the last one
 *   FAULT_ERROR   what errno says then; 0 for SIGKILL
 *   FAULT_LOG     a file to which every matching call is appended: its name and its paths
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static const char *calls, *part, *log_path;
static long first, last, error;
static atomic_long seen;

static long number(const char *name, long otherwise) {
    const char *value = getenv(name);
    return value ? atol(value) : otherwise;
}

__attribute__((constructor)) static void start(void) {
    calls = getenv("FAULT_CALLS");
    part = getenv("FAULT_PATH");
    log_path = getenv("FAULT_LOG");
    first = number("FAULT_FIRST", LONG_MAX);
    last = number("FAULT_LAST", LONG_MAX);
    error = number("FAULT_ERROR", 0);
}

/* Whether the call is to fail; errno is set then. */
static int fails(const char *call, const char *path, const char *other) {
    char wanted[64], line[2 * PATH_MAX + 64];
    if (!calls) return 0;
    snprintf(wanted, sizeof wanted, ",%s,", call);
    if (!strstr(calls, wanted)) return 0;
    if (part && !strstr(path, part) && !strstr(other, part)) return 0;
    long which = atomic_fetch_add(&seen, 1) + 1;
    if (log_path) {
        int length = snprintf(line, sizeof line, "%s\t%s\t%s\n", call, path, other);
        int log = (int)syscall(SYS_openat, AT_FDCWD, log_path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
        if (log >= 0) {
            syscall(SYS_write, log, line, (size_t)length);
            syscall(SYS_close, log);
        }
    }
    if (which < first || which > last) return 0;
    if (error == 0) {
        syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
        for (;;) pause();
    }
    errno = (int)error;
    return 1;
}

static int fails_on(const char *call, int file) {
    char link[64], path[PATH_MAX];
    if (!calls) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return fails(call, path, "");
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int rename(const char *from, const char *to) {
    return fails("rename", from, to) ? -1 : REAL(rename)(from, to);
}

int linkat(int at, const char *from, int to_at, const char *to, int flags) {
    return fails("linkat", from, to) ? -1 : REAL(linkat)(at, from, to_at, to, flags);
}

int unlink(const char *path) {
    return fails("unlink", path, "") ? -1 : REAL(unlink)(path);
}

int open64(const char *path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    mode_t mode = va_arg(more, mode_t);
    va_end(more);
    return fails("open", path, "") ? -1 : REAL(open64)(path, flags, mode);
}

ssize_t read(int file, void *bytes, size_t count) {
    return fails_on("read", file) ? -1 : REAL(read)(file, bytes, count);
}

ssize_t write(int file, const void *bytes, size_t count) {
    return fails_on("write", file) ? -1 : REAL(write)(file, bytes, count);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t place) {
    return fails_on("write", file) ? -1 : REAL(pwrite64)(file, bytes, count, place);
}

int ftruncate64(int file, off64_t size) {
    return fails_on("truncate", file) ? -1 : REAL(ftruncate64)(file, size);
}

int fsync(int file) {
    return fails_on("sync", file) ? -1 : REAL(fsync)(file);
}

int fdatasync(int file) {
    return fails_on("sync", file) ? -1 : REAL(fdatasync)(file);
}
