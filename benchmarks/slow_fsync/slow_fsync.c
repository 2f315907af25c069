/* A disk whose fsync can be made to take exactly one millisecond, so that figures of different
 * machines compare. `slow_fsync(1)` switches that on, `slow_fsync(0)` off.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>

static volatile int is_slow;

void slow_fsync(int on)
{
    is_slow = on;
}

static int one_millisecond(void)
{
    struct timespec left = {0, 1000000};

    while (nanosleep(&left, &left))
        ;
    return 0;
}

#define SYNCING(name)                                            \
    int name(int fd)                                             \
    {                                                            \
        static int (*real)(int);                                 \
        if (!real)                                               \
            real = (int (*)(int))dlsym(RTLD_NEXT, #name);        \
        return is_slow ? one_millisecond() : real(fd);           \
    }
SYNCING(fsync)
SYNCING(fdatasync)
