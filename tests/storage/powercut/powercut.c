/* Stands between a process and its disk: writes down what is done to some files, or lets it go wrong.
 *
 * Watched are the files whose path begins with $POWERCUT_PREFIX, except the shared memory of SQLite,
 * which a power cut empties anyway. With $POWERCUT_LOG every write, truncation and sync of them is
 * appended there, in the order they were done, with the bytes. A test can ask for a fault through
 * `powercut_fault`: then one such call, or every one from there on, fails or ends the process.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum { WRITE = 1, TRUNCATE = 2, SYNC = 3, UNLINK = 4 };
enum { MAX_FD = 4096 };

struct record {
    uint32_t call;
    uint32_t file; /* the first character after the prefix and a dash; 0 for the prefix itself */
    uint64_t offset;
    uint64_t length;
};

static uint32_t file_of[MAX_FD]; /* 1 + the record's `file`; 0: not watched */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int log_fd = -1;
static long calls, fault_at, fault_times;
static int fault_errno;

#define REAL(name, result, ...)                                  \
    static result (*real)(__VA_ARGS__);                          \
    if (!real)                                                   \
        real = (result(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

/* The at-th watched call from now fails with `error`, and `times` - 1 more; error 0 kills. */
void powercut_fault(long at, int error, long times)
{
    pthread_mutex_lock(&lock);
    calls = 0;
    fault_at = at;
    fault_errno = error;
    fault_times = times;
    pthread_mutex_unlock(&lock);
}

/* Watched calls since the last `powercut_fault`. */
long powercut_calls(void)
{
    return calls;
}

static uint32_t named(const char *path)
{
    const char *prefix = getenv("POWERCUT_PREFIX");
    size_t length = prefix ? strlen(prefix) : 0;

    if (!length || strncmp(path, prefix, length))
        return 0;
    if (!path[length])
        return 1;
    return path[length] == '-' && path[length + 1] != 's' ? 1 + (uint32_t)path[length + 1] : 0;
}

static void watch(int fd, const char *path)
{
    if (fd >= 0 && fd < MAX_FD)
        file_of[fd] = named(path);
}

static void append(const void *bytes, size_t length)
{
    REAL("write", ssize_t, int, const void *, size_t);
    while (length) {
        ssize_t done = real(log_fd, bytes, length);
        if (done <= 0)
            abort();
        bytes = (const char *)bytes + done;
        length -= (size_t)done;
    }
}

static void note(uint32_t call, uint32_t file, uint64_t offset, const void *bytes, uint64_t length)
{
    struct record record = {call, file - 1, offset, length};
    const char *path = getenv("POWERCUT_LOG");

    if (!path)
        return;
    if (log_fd < 0)
        log_fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    append(&record, sizeof record);
    if (bytes)
        append(bytes, length);
}

/* Whether this call is watched; holds the lock then. -1: it is to fail, errno is set. */
static int enter_file(uint32_t file)
{
    if (!file)
        return 0;
    pthread_mutex_lock(&lock);
    calls++;
    if (fault_at && calls >= fault_at && calls - fault_at < fault_times) {
        if (!fault_errno)
            kill(getpid(), SIGKILL);
        pthread_mutex_unlock(&lock);
        errno = fault_errno;
        return -1;
    }
    return 1;
}

static int enter(int fd)
{
    return enter_file(fd < 0 || fd >= MAX_FD ? 0 : file_of[fd]);
}

static void leave(void)
{
    int kept = errno;
    pthread_mutex_unlock(&lock);
    errno = kept;
}

#define OPEN(name)                                               \
    int name(const char *path, int flags, ...)                   \
    {                                                            \
        REAL(#name, int, const char *, int, ...);                \
        va_list rest;                                            \
        va_start(rest, flags);                                   \
        int fd = real(path, flags, va_arg(rest, mode_t));        \
        va_end(rest);                                            \
        watch(fd, path);                                         \
        return fd;                                               \
    }
OPEN(open)
OPEN(open64)

int close(int fd)
{
    REAL("close", int, int);
    if (fd >= 0 && fd < MAX_FD)
        file_of[fd] = 0;
    return real(fd);
}

ssize_t write(int fd, const void *bytes, size_t length)
{
    REAL("write", ssize_t, int, const void *, size_t);
    int watched = enter(fd);
    if (watched <= 0)
        return watched ? -1 : real(fd, bytes, length);
    off_t offset = lseek(fd, 0, SEEK_CUR);
    ssize_t done = real(fd, bytes, length);
    if (done > 0)
        note(WRITE, file_of[fd], (uint64_t)offset, bytes, (uint64_t)done);
    leave();
    return done;
}

#define PWRITE(name, offset_type)                                        \
    ssize_t name(int fd, const void *bytes, size_t length, offset_type offset) \
    {                                                                    \
        REAL(#name, ssize_t, int, const void *, size_t, offset_type);    \
        int watched = enter(fd);                                         \
        if (watched <= 0)                                                \
            return watched ? -1 : real(fd, bytes, length, offset);       \
        ssize_t done = real(fd, bytes, length, offset);                  \
        if (done > 0)                                                    \
            note(WRITE, file_of[fd], (uint64_t)offset, bytes, (uint64_t)done);    \
        leave();                                                         \
        return done;                                                     \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define FTRUNCATE(name, offset_type)                             \
    int name(int fd, offset_type length)                         \
    {                                                            \
        REAL(#name, int, int, offset_type);                      \
        int watched = enter(fd);                                 \
        if (watched <= 0)                                        \
            return watched ? -1 : real(fd, length);              \
        int result = real(fd, length);                           \
        if (!result)                                             \
            note(TRUNCATE, file_of[fd], (uint64_t)length, NULL, 0);       \
        leave();                                                 \
        return result;                                           \
    }
FTRUNCATE(ftruncate, off_t)
FTRUNCATE(ftruncate64, off64_t)

#define SYNCING(name)                                            \
    int name(int fd)                                             \
    {                                                            \
        REAL(#name, int, int);                                   \
        int watched = enter(fd);                                 \
        if (watched <= 0)                                        \
            return watched ? -1 : real(fd);                      \
        int result = real(fd);                                   \
        if (!result)                                             \
            note(SYNC, file_of[fd], 0, NULL, 0);                          \
        leave();                                                 \
        return result;                                           \
    }
SYNCING(fsync)
SYNCING(fdatasync)

int unlink(const char *path)
{
    REAL("unlink", int, const char *);
    int watched = enter_file(named(path));
    if (watched <= 0)
        return watched ? -1 : real(path);
    int result = real(path);
    if (!result)
        note(UNLINK, named(path), 0, NULL, 0);
    leave();
    return result;
}
