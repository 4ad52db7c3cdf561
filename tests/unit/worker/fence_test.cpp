// SPDX-License-Identifier: BSD-3-Clause
#include "core/worker/fence.hpp"

#include "core/base/io.hpp"
#include "core/cutout/parameters.hpp"
#include "core/worker/pool.hpp"
#include "support.hpp"
#include "tests/unit/tree.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <mqueue.h>
#include <nlohmann/json.hpp>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <functional>
#include <optional>
#include <thread>

namespace recorte::worker {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// The errno of what a child does behind the fence, 0 where it is done.
int behind_the_fence(const Readable& readable, const std::function<bool()>& act) {
  const pid_t child = ::fork();
  if (child == 0) {
    constexpr int kNoFence = 250;
    if (!give_up_rights() || !fence_files(readable) || !fence_calls()) ::_exit(kNoFence);
    errno = 0;
    ::_exit(act() ? 0 : errno);
  }
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  return WEXITSTATUS(status);
}

bool opens(const fs::path& path, int flags = O_RDONLY) {
  const Fd file(::open(path.c_str(), flags | O_CLOEXEC, 0600));
  return static_cast<bool>(file);
}

class FenceTest : public testing::Test {
 protected:
  void SetUp() override {
    if (landlock_version() == 0) GTEST_SKIP() << "the kernel has no Landlock";
    for (const auto* name : {"mine", "theirs"}) {
      fs::create_directory(tmp_.path() / name);
      ASSERT_TRUE(write_file(tmp_.path() / name / "file", "text"));
    }
  }
  fs::path mine(const char* name = "file") const { return tmp_.path() / "mine" / name; }
  fs::path theirs(const char* name = "file") const { return tmp_.path() / "theirs" / name; }
  int try_it(const std::function<bool()>& act) const {
    return behind_the_fence({tmp_.path() / "mine"}, act);
  }

  test::TempDir tmp_;
};

TEST_F(FenceTest, WhatIsReadableIsRead) {
  EXPECT_EQ(try_it([&] { return opens(mine()); }), 0);
  EXPECT_EQ(try_it([&] { return !fs::is_empty(mine("")); }), 0);
  EXPECT_EQ(behind_the_fence({mine(), tmp_.path() / "not there"}, [&] { return opens(mine()); }),
            0);
  EXPECT_EQ(try_it([] { return opens("/dev/null", O_RDWR) && opens("/proc/self/maps"); }), 0);
}

TEST_F(FenceTest, NothingElseIs) {
  EXPECT_EQ(try_it([&] { return opens(theirs()); }), EACCES);
  EXPECT_EQ(try_it([] { return opens("/etc/passwd"); }), EACCES);
  const auto parent = "/proc/" + std::to_string(::getpid()) + "/maps";
  EXPECT_EQ(try_it([&] { return opens(parent); }), EACCES);
  // Nor by another name.
  fs::create_symlink(theirs(), mine("link"));
  EXPECT_EQ(try_it([&] { return opens(mine("link")); }), EACCES);
  EXPECT_EQ(try_it([&] { return ::link(theirs().c_str(), mine("hard").c_str()) == 0; }), EACCES);
  EXPECT_EQ(try_it([&] { return ::chdir(theirs("").c_str()) == 0 && opens("file"); }), EACCES);
}

TEST_F(FenceTest, NothingIsWritten) {
  EXPECT_EQ(try_it([&] { return opens(mine(), O_WRONLY); }), EACCES);
  EXPECT_EQ(try_it([&] { return opens(mine("new"), O_WRONLY | O_CREAT); }), EACCES);
  EXPECT_EQ(try_it([&] { return ::unlink(mine().c_str()) == 0; }), EACCES);
  EXPECT_EQ(try_it([&] { return ::rename(mine().c_str(), mine("b").c_str()) == 0; }), EACCES);
  // But into what was handed over.
  const auto sink = make_memfd("sink").value();
  EXPECT_EQ(try_it([&] { return ::pwrite(sink.get(), "x", 1, 0) == 1; }), 0);
}

TEST_F(FenceTest, NobodyIsReached) {
  EXPECT_EQ(try_it([] { return ::socket(AF_INET, SOCK_STREAM, 0) >= 0; }), EPERM);
  EXPECT_EQ(try_it([] { return ::socket(AF_INET, SOCK_DGRAM, 0) >= 0; }), EPERM);
  EXPECT_EQ(try_it([] { return ::socket(AF_UNIX, SOCK_STREAM, 0) >= 0; }), EPERM);
  EXPECT_EQ(try_it([] { return ::kill(::getppid(), 0) == 0; }), EPERM);
  EXPECT_EQ(try_it([] { return ::kill(0, 0) == 0; }), EPERM);
  EXPECT_EQ(try_it([] { return ::kill(-1, 0) == 0; }), EPERM);
  // abort() and the like are a process's own affair; so are threads.
  EXPECT_EQ(try_it([] { return ::kill(::getpid(), 0) == 0; }), 0);
  EXPECT_EQ(try_it([] {
              bool ran = false;
              std::thread([&] { ran = ::raise(0) == 0; }).join();
              return ran;
            }),
            0);
}

TEST_F(FenceTest, NothingIsLeftForOthersToFind) {
  EXPECT_EQ(try_it([] { return ::shmget(1, 4096, IPC_CREAT | 0600) >= 0; }), EPERM);
  EXPECT_EQ(try_it([] { return ::msgget(1, IPC_CREAT | 0600) >= 0; }), EPERM);
  EXPECT_EQ(try_it([] { return ::semget(1, 1, IPC_CREAT | 0600) >= 0; }), EPERM);
  EXPECT_EQ(try_it([] { return ::mq_open("/left", O_RDWR | O_CREAT, 0600, nullptr) >= 0; }), EPERM);
}

TEST_F(FenceTest, NobodyIsLookedInto) {
  char byte = 0;
  iovec here{&byte, 1};
  const auto parent = ::getpid();
  EXPECT_EQ(try_it([&] { return ::process_vm_readv(parent, &here, 1, &here, 1, 0) == 1; }), EPERM);
  EXPECT_EQ(try_it([&] { return ::process_vm_writev(parent, &here, 1, &here, 1, 0) == 1; }), EPERM);
  EXPECT_EQ(try_it([&] { return ::ptrace(PTRACE_SEIZE, parent, nullptr, nullptr) == 0; }), EPERM);
  const Fd handle(static_cast<int>(::syscall(SYS_pidfd_open, parent, 0)));
  EXPECT_EQ(try_it([&] { return ::syscall(SYS_pidfd_getfd, handle.get(), 0, 0) >= 0; }), EPERM);
}

TEST_F(FenceTest, TheMachineLooksAsItDoes) {
  EXPECT_EQ(try_it([] { return ::unshare(CLONE_NEWUSER) == 0; }), EPERM);
  EXPECT_EQ(try_it([] { return ::syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0) >= 0; }),
            EPERM);
  EXPECT_EQ(try_it([] { return ::syscall(SYS_clone3, nullptr, 0) >= 0; }), ENOSYS);
  EXPECT_EQ(try_it([] { return ::mount("none", "/mnt", "tmpfs", 0, nullptr) == 0; }), EPERM);
  EXPECT_EQ(try_it([] { return ::chroot("/usr") == 0; }), EPERM);
}

TEST_F(FenceTest, NobodyIsTypedFor) {
  EXPECT_EQ(try_it([] { return ::ioctl(STDIN_FILENO, TIOCSTI, "x") == 0; }), EPERM);
  // Another question to a descriptor that is no terminal has its usual answer.
  const auto file = make_memfd("no terminal").value();
  EXPECT_EQ(try_it([&] { return ::ioctl(file.get(), TCGETS, nullptr) == 0; }), ENOTTY);
}

/// Root's as well, but for reading.
TEST_F(FenceTest, RightsAreGivenUp) {
  EXPECT_EQ(try_it([] { return ::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1; }), 0);
  EXPECT_EQ(try_it([] { return ::sethostname("other", 5) == 0; }), EPERM);
  // By the system call: the library's function interrupts all threads, and a sanitizer has some.
  EXPECT_EQ(try_it([] { return ::syscall(SYS_setuid, ::getuid() + 1) == 0; }), EPERM);
}

TEST(Readable, IsPackedAndUnpacked) {
  const Readable all{"/a b", "/c\n", "/d"};
  EXPECT_EQ(unpack_readable(pack_readable(all).value().get()).value(), all);
  EXPECT_THAT(unpack_readable(pack_readable({}).value().get()).value(), IsEmpty());
}

/// Workers that are fenced in.
class FencedPoolTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    directory_.emplace();
    test::make_surveys(directory_->path(), {"prying"}, {});
    fs::create_directory(at("secret"));
    if (!write_file(at("secret/pixels"), "text")) throw std::runtime_error("no file");
  }
  static void TearDownTestSuite() { directory_.reset(); }

  void SetUp() override {
    if (landlock_version() == 0) GTEST_SKIP() << "the kernel has no Landlock";
    descriptors_ = test::open_descriptors();
  }
  void TearDown() override {
    if (IsSkipped()) return;
    EXPECT_EQ(test::open_descriptors(), descriptors_);
    EXPECT_THAT(test::children(), IsEmpty());
  }

  static fs::path at(const std::string& name) { return directory_->path() / name; }
  static SharedReadable readable(const std::vector<std::string>& more = {}) {
    Readable out{at("surveys.d"), at("images"), at("plugins"),
                 recorte::test::build_tree() / "plugins", recorte::test::build_tree() / "vices"};
    for (const auto& name : more) out.push_back(at(name));
    return std::make_shared<const Readable>(std::move(out));
  }
  static PoolOptions options() {
    PoolOptions out;
    out.program = recorte::test::build_tree() / "bin" / "recorte-worker";
    out.worker.surveys = at("surveys.d");
    out.worker.plugins = {at("plugins")};
    out.terms.readable = readable();
    return out;
  }
  static void expect_good(Pool& pool) {
    const auto sink = make_memfd("sink").value();
    const auto report = pool.run(task("small"), sink.get());
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_FALSE(report->outcomes.at(0).error) << report->outcomes[0].error->message;
  }
  static cutout::Task task(const std::string& survey) {
    cutout::Task out;
    out.id = "test";
    const auto text = "survey=" + survey + "&ra=150.1&dec=2.2&size=16px";
    out.items.push_back({7, cutout::parse_canonical(text).value(), {}});
    return out;
  }
  /// What came of what the vice tried.
  static std::string pry(Pool& pool, const std::string& what) {
    EXPECT_TRUE(write_file(at("surveys.d/prying.toml"),
                           "[survey]\nplugin = \"vice-prying\"\n[pry]\n" + what));
    const auto sink = make_memfd("sink").value();
    const auto report = pool.run(task("prying"), sink.get());
    if (!report) return report.error().message;
    return report->outcomes.at(0).error ? report->outcomes[0].error->message : "nothing";
  }

  static inline std::optional<test::TempDir> directory_;
  std::size_t descriptors_ = 0;
};

TEST_F(FencedPoolTest, WorksAsEver) {
  Pool pool(options());
  expect_good(pool);
  EXPECT_EQ(pool.describe("small").value().at("id"), "small");
}

TEST_F(FencedPoolTest, APluginReachesNothingElse) {
  Pool pool(options());
  const auto here = std::to_string(::getpid());
  const auto secret = at("secret/pixels").string();
  EXPECT_THAT(pry(pool, "open = \"" + secret + "\"\n"), HasSubstr("open: EACCES"));
  EXPECT_THAT(pry(pool, "write = \"" + at("images/new").string() + "\"\n"),
              HasSubstr("write: EACCES"));
  EXPECT_THAT(pry(pool, "connect = \"80\"\n"), HasSubstr("connect: EPERM"));
  EXPECT_THAT(
      pry(pool, "signal = \"" + here + "\"\n"),
      AllOf(HasSubstr("signal: EPERM"), HasSubstr("look: EACCES"), HasSubstr("trace: EPERM")));
  expect_good(pool);
  EXPECT_EQ(pool.deaths(), 0U);
}

/// What the test above shows is the fence's doing.
TEST_F(FencedPoolTest, WithoutAFenceItWould) {
  auto o = options();
  o.terms.readable = nullptr;
  Pool pool(o);
  const auto secret = at("secret/pixels").string();
  EXPECT_THAT(
      pry(pool, "open = \"" + secret + "\"\nsignal = \"" + std::to_string(::getpid()) + "\"\n"),
      AllOf(HasSubstr("open: done"), HasSubstr("signal: done")));
}

TEST_F(FencedPoolTest, TheEnvironmentIsNotHandedOn) {
  ASSERT_EQ(::setenv("RECORTE_SECRET_OF_THE_SERVER", "x", 1), 0);
  auto o = options();
  o.program = at("tells");
  ASSERT_TRUE(write_file(o.program, "#!/bin/sh\nenv > " + at("environment").string() + "\n"));
  fs::permissions(o.program, fs::perms::owner_all);
  Pool pool(o);
  EXPECT_FALSE(pool.describe("small"));
  ::unsetenv("RECORTE_SECRET_OF_THE_SERVER");
  const auto told = read_file(at("environment")).value();
  EXPECT_THAT(told, AllOf(HasSubstr("PATH="), testing::Not(HasSubstr("SECRET"))));
}

TEST_F(FencedPoolTest, RenewedWorkersReadSomethingElse) {
  Pool pool(options());
  const auto open = "open = \"" + at("secret/pixels").string() + "\"\n";
  EXPECT_THAT(pry(pool, open), HasSubstr("open: EACCES"));
  const auto before = test::children();
  auto retired = pool.renew({readable({"secret"}), nullptr});
  EXPECT_EQ(retired.size(), 1U);
  EXPECT_EQ(pool.alive(), 0U);
  retired.clear();
  EXPECT_THAT(test::children(), IsEmpty());
  EXPECT_THAT(pry(pool, open), HasSubstr("open: done"));
  EXPECT_NE(test::children(), before);
}

/// Of pools that share one place, each gets it when it needs it.
TEST_F(FencedPoolTest, PoolsShareTheirPlaces) {
  auto o = options();
  o.places = std::make_shared<Places>(1);
  {
    Pool a(o), b(o);
    for (int i = 0; i < 3; ++i) {
      expect_good(a);
      EXPECT_EQ(a.alive(), 1U);
      expect_good(b);
      EXPECT_EQ(a.alive(), 0U);
      EXPECT_EQ(b.alive(), 1U);
      EXPECT_EQ(test::children().size(), 1U);
    }
    b.renew({readable({"secret"}), nullptr}).clear();
    EXPECT_EQ(o.places->taken(), 0U);
    expect_good(a);
  }
  EXPECT_EQ(o.places->taken(), 0U);
}

TEST_F(FencedPoolTest, WhatCannotBeStartedKeepsNoPlace) {
  auto o = options();
  o.places = std::make_shared<Places>(1);
  o.program = "/no/such/worker";
  Pool pool(o);
  EXPECT_FALSE(pool.describe("small"));
  EXPECT_EQ(o.places->taken(), 0U);
}

}  // namespace
}  // namespace recorte::worker
