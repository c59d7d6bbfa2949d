/* A static program that tries what a subject in a sandbox must not succeed with.
 *
 * The first byte of the chunk says what to do; the exit status tells what succeeded. No C library,
 * so that it compiles in a moment. */
#include <asm/unistd.h>

enum { AT_CWD = -100, PATH_SIZE = 256, SIGNAL_ABORT = 6, SIGNAL_KILL = 9,
       SIGNAL_CHILD = 17 };
enum { ATTACH = 16, GET_FLAGS = 1, NO_SUCH_PROCESS = 3, BLOCK_SIZE = 65536 };
enum { INTERNET = 2, STREAM = 1, BLOCK_DEVICE = 0060600, DEVICE_1_0 = 0x100, CREATE = 0101 };

static long call(long number, long a, long b, long c, long d, long e)
{
#if defined(__x86_64__)
    register long r10 __asm__("r10") = d, r8 __asm__("r8") = e;
    long result;
    __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
                     : "rcx", "r11", "memory");
    return result;
#else
    register long x8 __asm__("x8") = number, x0 __asm__("x0") = a, x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c, x3 __asm__("x3") = d, x4 __asm__("x4") = e;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4) : "memory");
    return x0;
#endif
}

static char block[BLOCK_SIZE];

static long fork(void) { return call(__NR_clone, SIGNAL_CHILD, 0, 0, 0, 0); }
static long make(const char *path) { return call(__NR_openat, AT_CWD, (long)path, CREATE, 0, 0); }
static void leave(long status) { call(__NR_exit_group, status, 0, 0, 0, 0); }

static void say(int descriptor, const char *text)
{
    long length = 0;
    while (text[length])
        length++;
    call(__NR_write, descriptor, (long)text, length, 0, 0);
    call(__NR_write, descriptor, (long)"\n", 1, 0, 0);
}

static void wait_for_ever(void)
{
    for (;;)
        call(__NR_ppoll, 0, 0, 0, 0, 0);
}

static long escapes(long victim)
{
    long failed = 0;
    if (call(__NR_socket, INTERNET, STREAM, 0, 0, 0) >= 0)
        failed |= 1;
    if (call(__NR_mknodat, AT_CWD, (long)"/zarf-stage2/disk", BLOCK_DEVICE, DEVICE_1_0, 0) == 0)
        failed |= 2;
    if (call(__NR_kill, victim, 0, 0, 0, 0) == 0)
        failed |= 4;
    if (call(__NR_chroot, (long)"/zarf-stage1", 0, 0, 0, 0) == 0)
        failed |= 8;
    return failed;
}

static long own_files(void)
{
    const char *path = "/zarf-stage2/a";
    long failed = make(path) < 0;
    if (call(__NR_fchownat, AT_CWD, (long)path, 1, 1, 0) != 0)
        failed |= 2;
    if (call(__NR_openat, AT_CWD, (long)path, 0, 0, 0) < 0)
        failed |= 4;
    return failed;
}

void run(long *stack)
{
    const char **arguments = (const char **)(stack + 1);
    static char buffer[PATH_SIZE];
    long chunk = call(__NR_openat, AT_CWD, (long)"zarf-payload-000", 0, 0, 0);
    call(__NR_read, chunk, (long)buffer, PATH_SIZE - 1, 0, 0);
    long number = 0;
    for (const char *digit = buffer + 1; *digit >= '0' && *digit <= '9'; digit++)
        number = number * 10 + (*digit - '0');
    switch (buffer[0]) {
    case 'n': /* nothing but words */
        say(1, arguments[1]);
        call(__NR_getcwd, (long)buffer, PATH_SIZE, 0, 0, 0);
        say(1, buffer);
        say(2, "told");
        break;
    case 's': /* a status of its own */
        leave(number);
        break;
    case 'a': /* abort */
        call(__NR_tgkill, call(__NR_getpid, 0, 0, 0, 0, 0), call(__NR_gettid, 0, 0, 0, 0, 0),
             SIGNAL_ABORT, 0, 0);
        break;
    case 'c': /* crash */
        *(volatile int *)8 = 1;
        break;
    case 'w': /* write inside and outside */
        make("/stray");
        make("/zarf-stage2/a");
        break;
    case 'e': /* escape */
        leave(escapes(number));
        break;
    case 'o': /* handle files of its own */
        leave(own_files());
        break;
    case 'u': /* tell the user, and become root again */
        leave(call(__NR_getuid, 0, 0, 0, 0, 0) != 1000 || call(__NR_getgid, 0, 0, 0, 0, 0) != 2000
              || call(__NR_setuid, 0, 0, 0, 0, 0) == 0);
        break;
    case 'h': /* hang, with children in sessions of their own */
        fork();
        call(__NR_setsid, 0, 0, 0, 0, 0);
        fork();
        wait_for_ever();
        break;
    case 'p': /* tell its number */
        leave(call(__NR_getpid, 0, 0, 0, 0, 0));
        break;
    case 'i': /* interfere with the sandbox's first process */
        leave(call(__NR_ptrace, ATTACH, 1, 0, 0, 0) == 0 || call(__NR_kill, 1, SIGNAL_KILL, 0, 0, 0) < 0);
        break;
    case 'd': /* count descriptors that it was given */
        for (long descriptor = 3; descriptor < 1024; descriptor++)
            number += descriptor != chunk && call(__NR_fcntl, descriptor, GET_FLAGS, 0, 0, 0) >= 0;
        leave(number);
        break;
    case 'k': /* whether anybody else is there */
        leave(call(__NR_kill, -1, 0, 0, 0, 0) != -NO_SUCH_PROCESS);
        break;
    case 'b': /* write so many blocks */
        for (; number; number--)
            call(__NR_write, 1, (long)block, BLOCK_SIZE, 0, 0);
        break;
    case 'm': /* take its own file the right to be executed */
        leave(call(__NR_fchmodat, AT_CWD, (long)"/zarf-stage1/zarf-injector", 0, 0, 0) != 0);
        break;
    case 'r': /* move its own directory away */
        leave(call(__NR_renameat2, AT_CWD, (long)"/zarf-stage1", AT_CWD, (long)"/moved", 0) != 0);
        break;
    case 'l': /* end, and leave a child behind */
        if (fork() == 0) {
            call(__NR_setsid, 0, 0, 0, 0, 0);
            if (fork() == 0)
                wait_for_ever();
        }
        break;
    }
    leave(0);
}

#if defined(__x86_64__)
__asm__(".globl _start\n_start: mov %rsp, %rdi\nand $-16, %rsp\ncall run\n");
#else
__asm__(".globl _start\n_start: mov x0, sp\nbl run\n");
#endif
