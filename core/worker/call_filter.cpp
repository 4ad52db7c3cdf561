// SPDX-License-Identifier: BSD-3-Clause
//
// The filter of system calls (seccomp, in classic BPF). Landlock knows nothing of UDP nor of
// sockets with a name in the file system, and of signals only since Linux 6.12.
#include "core/base/sanitized.hpp"
#include "core/worker/fence.hpp"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <vector>

namespace recorte::worker {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t kMachine = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kMachine = AUDIT_ARCH_AARCH64;
#else
#error "name this machine's AUDIT_ARCH, and see that seccomp_data is read in its order of bytes"
#endif

/// Where numbers of another form of calls begin, on x86-64.
constexpr std::uint32_t kOtherForm = 0x40000000;

/// What is refused whatever its arguments.
constexpr auto kRefused = std::to_array<std::uint32_t>({
    SYS_socket,
    SYS_io_uring_setup,     // makes sockets too
    SYS_open_by_handle_at,  // by no path
    SYS_pidfd_send_signal,
    SYS_rt_sigqueueinfo,
    SYS_rt_tgsigqueueinfo,
    SYS_tkill,
    SYS_keyctl,
    SYS_add_key,
    SYS_request_key,
    SYS_bpf,
    // Other processes' memory and descriptors, also where there is no Landlock.
    SYS_process_vm_readv,
    SYS_process_vm_writev,
    SYS_pidfd_getfd,
    SYS_perf_event_open,
    // What one process leaves for another by a number or a name.
    SYS_shmget,
    SYS_shmat,
    SYS_msgget,
    SYS_msgsnd,
    SYS_msgrcv,
    SYS_semget,
    SYS_semop,
    SYS_semtimedop,
    SYS_mq_open,
    SYS_mq_unlink,
    // Another view of the machine.
    SYS_unshare,
    SYS_setns,
    SYS_mount,
    SYS_umount2,
    SYS_pivot_root,
    SYS_chroot,
    SYS_userfaultfd,
});
/// What is allowed where the first argument is this process.
constexpr std::array<std::uint32_t, 2> kOfOneself{SYS_kill, SYS_tgkill};

/// Instructions, and at their end the two verdicts, to which all of them jump.
class Program {
 public:
  void load(std::size_t offset) {
    code_.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset)));
  }
  enum class Verdict { kGoOn, kRefuse, kAllow };
  /// What to do where what is loaded is `value` (or is at least, or has a bit of it), and else.
  void test(std::uint16_t how, std::uint32_t value, Verdict then, Verdict otherwise) {
    jumps_.push_back({code_.size(), then, otherwise});
    code_.push_back(BPF_JUMP(static_cast<std::uint16_t>(BPF_JMP | BPF_K | how), value, 0, 0));
  }
  /// Passes over the next `count` where what is loaded is something else.
  void skip_unless(std::uint32_t value, std::uint8_t count) {
    code_.push_back(BPF_JUMP(BPF_JMP | BPF_K | BPF_JEQ, value, 0, count));
  }
  void answer(std::uint32_t error) {
    code_.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error));
  }
  std::vector<sock_filter>& finish() {
    const auto allow = code_.size(), refuse = allow + 1;
    code_.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    code_.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM));
    for (const auto& jump : jumps_) {
      const auto way = [&](Verdict to) {
        return static_cast<std::uint8_t>(
            to == Verdict::kGoOn ? 0 : (to == Verdict::kAllow ? allow : refuse) - jump.at - 1);
      };
      code_[jump.at].jt = way(jump.then);
      code_[jump.at].jf = way(jump.otherwise);
    }
    return code_;
  }

 private:
  struct Jump {
    std::size_t at;
    Verdict then, otherwise;
  };
  std::vector<sock_filter> code_;
  std::vector<Jump> jumps_;
};

}  // namespace

Status fence_calls() {
  using enum Program::Verdict;
  const auto self = static_cast<std::uint32_t>(::getpid());
  constexpr auto kNumber = offsetof(seccomp_data, nr);
  // Of arguments the lower half, where kernels look.
  constexpr auto kFirst = offsetof(seccomp_data, args);
  constexpr auto kSecond = kFirst + sizeof(std::uint64_t);
  Program program;
  program.load(offsetof(seccomp_data, arch));
  program.test(BPF_JEQ, kMachine, kGoOn, kRefuse);
  program.load(kNumber);
  program.test(BPF_JGE, kOtherForm, kRefuse, kGoOn);
  for (const auto call : kRefused) program.test(BPF_JEQ, call, kRefuse, kGoOn);
  if (!kSanitized) program.test(BPF_JEQ, SYS_ptrace, kRefuse, kGoOn);  // leaks are found by it
  for (const auto call : kOfOneself) {
    program.load(kNumber);
    program.skip_unless(call, 2);
    program.load(kFirst);
    program.test(BPF_JEQ, self, kAllow, kRefuse);
  }
  program.load(kNumber);
  program.skip_unless(SYS_prlimit64, 3);
  program.load(kFirst);
  program.test(BPF_JEQ, 0, kAllow, kGoOn);
  program.test(BPF_JEQ, self, kAllow, kRefuse);
  // No user namespace, in which it would be root. What clone3 is to do is in memory, where filters
  // do not look: whoever starts threads takes clone where a kernel does not know it.
  program.load(kNumber);
  program.skip_unless(SYS_clone3, 1);
  program.answer(ENOSYS);
  program.skip_unless(SYS_clone, 2);
  program.load(kFirst);
  program.test(BPF_JSET, CLONE_NEWUSER, kRefuse, kAllow);
  program.skip_unless(SYS_ioctl, 2);
  program.load(kSecond);
  program.test(BPF_JEQ, TIOCSTI, kRefuse, kAllow);
  auto& code = program.finish();
  const sock_fprog filter{static_cast<unsigned short>(code.size()), code.data()};
  // Without the flag, older kernels slow down all speculation of a process with a filter.
  if (::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &filter) != 0)
    return fail(os_error("a worker's system calls cannot be filtered"));
  return {};
}

}  // namespace recorte::worker
