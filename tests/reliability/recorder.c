/* Records, in their order, the writes of a program to files below $RECORDED_FOLDER, what it waits
 * for (fsync), and what it prints: loaded by LD_PRELOAD, read by power.py.
 *
 * A record is a line "operation offset length path", then `length` bytes, then a newline. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static int log_file = -1;
static char folder[PATH_MAX];
static size_t folder_length;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void begin(void) {
    const char *root = getenv("RECORDED_FOLDER"), *log = getenv("RECORDED_LOG");
    if (root && log) {
        snprintf(folder, sizeof folder, "%s/", root);
        folder_length = strlen(folder);
        log_file = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND, 0644);
    }
}

static void put(const void *data, size_t length) {
    const char *at = data;
    while (length) {
        ssize_t done = syscall(SYS_write, log_file, at, length);
        if (done <= 0) abort();
        at += done;
        length -= done;
    }
}

static void record(const char *operation, long long offset, const void *data, size_t length,
                   const char *path) {
    char head[PATH_MAX + 100];
    int size = snprintf(head, sizeof head, "%s %lld %zu %s\n", operation, offset, length, path);
    pthread_mutex_lock(&lock);
    put(head, size);
    put(data, length);
    put("\n", 1);
    pthread_mutex_unlock(&lock);
}

static int ours(const char *path) {
    return log_file >= 0 && path[0] == '/' && !strncmp(path, folder, folder_length - 1);
}

/* The path of an open file, if it is one of ours. */
static int of_file(int file, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length < 0) return 0;
    path[length] = 0;
    char *gone = strstr(path, " (deleted)");
    return !gone && ours(path);
}

static void record_written(int file, long long offset, const void *data, ssize_t length) {
    char path[PATH_MAX];
    if (length > 0 && log_file >= 0 && file != log_file) {
        if (file == 1)
            record("say", 0, data, length, "-");
        else if (of_file(file, path))
            record("write", offset, data, length, path);
    }
}

ssize_t write(int file, const void *data, size_t length) {
    ssize_t done = REAL(write)(file, data, length);
    record_written(file, done > 0 ? lseek(file, 0, SEEK_CUR) - done : 0, data, done);
    return done;
}
ssize_t pwrite(int file, const void *data, size_t length, off_t offset) {
    ssize_t done = REAL(pwrite)(file, data, length, offset);
    record_written(file, offset, data, done);
    return done;
}
ssize_t pwrite64(int file, const void *data, size_t length, off64_t offset) {
    ssize_t done = REAL(pwrite64)(file, data, length, offset);
    record_written(file, offset, data, done);
    return done;
}
static int truncated(int result, int file, long long size) {
    char path[PATH_MAX];
    if (!result && of_file(file, path)) record("truncate", size, "", 0, path);
    return result;
}
int ftruncate(int file, off_t size) { return truncated(REAL(ftruncate)(file, size), file, size); }
int ftruncate64(int file, off64_t size) {
    return truncated(REAL(ftruncate64)(file, size), file, size);
}
static int synced(int result, int file) {
    char path[PATH_MAX];
    if (!result && of_file(file, path)) record("sync", 0, "", 0, path);
    return result;
}
int fsync(int file) { return synced(REAL(fsync)(file), file); }
int fdatasync(int file) { return synced(REAL(fdatasync)(file), file); }
int unlink(const char *path) {
    int result = REAL(unlink)(path);
    if (!result && ours(path)) record("unlink", 0, "", 0, path);
    return result;
}
int rename(const char *from, const char *to) {
    int result = REAL(rename)(from, to);
    if (!result && ours(from)) record("rename", 0, to, strlen(to), from);
    return result;
}
static int opened(int file, int flags, int existed) {
    char path[PATH_MAX];
    if (file >= 0 && (flags & (O_CREAT | O_TRUNC)) && of_file(file, path)) {
        if (!existed) record("create", 0, "", 0, path);
        else if (flags & O_TRUNC) record("truncate", 0, "", 0, path);
    }
    return file;
}
static int exists(int folder_file, const char *path) {
    struct stat found;
    return !fstatat(folder_file, path, &found, AT_SYMLINK_NOFOLLOW);
}
#define OPEN(name)                                                                      \
    int name(const char *path, int flags, ...) {                                        \
        va_list more;                                                                   \
        va_start(more, flags);                                                          \
        int mode = flags & O_CREAT ? va_arg(more, int) : 0;                             \
        va_end(more);                                                                   \
        int existed = exists(AT_FDCWD, path);                                           \
        return opened(REAL(name)(path, flags, mode), flags, existed);                   \
    }
#define OPENAT(name)                                                                    \
    int name(int at, const char *path, int flags, ...) {                                \
        va_list more;                                                                   \
        va_start(more, flags);                                                          \
        int mode = flags & O_CREAT ? va_arg(more, int) : 0;                             \
        va_end(more);                                                                   \
        int existed = exists(at, path);                                                 \
        return opened(REAL(name)(at, path, flags, mode), flags, existed);               \
    }
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)
