// SPDX-License-Identifier: BSD-3-Clause
#include "core/worker/pool.hpp"

#include "core/base/io.hpp"
#include "core/base/time.hpp"
#include "core/cutout/parameters.hpp"
#include "core/worker/channel.hpp"
#include "core/worker/messages.hpp"
#include "support.hpp"
#include "tests/unit/tree.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <limits>
#include <optional>
#include <thread>

namespace recorte::worker {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

constexpr std::int64_t kLong = 60'000;

/// Whether a process ends (or has ended) before the deadline.
bool ends(pid_t pid, std::int64_t deadline_ms) {
  const Fd process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  return !process || wait_readable(process.get(), deadline_ms);
}

class PoolTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    directory_.emplace();
    test::make_surveys(directory_->path(), {"segfault-find", "loop-find"},
                       {"segfault-run", "abort-run", "exit-run", "throw-run", "loop-run"});
  }
  static void TearDownTestSuite() { directory_.reset(); }

  void SetUp() override {
    descriptors_ = test::open_descriptors();
    ASSERT_TRUE(test::children().empty());
  }
  /// Whatever happened, neither a descriptor nor a process, living or dead, is left.
  void TearDown() override {
    EXPECT_EQ(test::open_descriptors(), descriptors_);
    EXPECT_TRUE(test::children().empty());
  }

  static PoolOptions options(std::size_t workers = 1) {
    PoolOptions out;
    out.program = recorte::test::build_tree() / "bin" / "recorte-worker";
    out.worker.surveys = directory_->path() / "surveys.d";
    out.worker.plugins = {directory_->path() / "plugins"};
    out.workers = workers;
    return out;
  }

  static cutout::CutoutRequest request(const std::string& survey, int side,
                                       const std::string& algorithm = "") {
    auto text = "survey=" + survey + "&ra=150.1&dec=2.2&size=" + std::to_string(side) + "px";
    if (!algorithm.empty()) text += "&algorithm=" + algorithm;
    return cutout::parse_canonical(text).value();
  }
  static cutout::Task task(const std::string& survey, const std::string& algorithm = "",
                           std::int64_t wall_ms = kLong) {
    cutout::Task out;
    out.id = "test";
    out.budget.wall_ms = wall_ms;
    out.items.push_back({7, request(survey, 16, algorithm), {}});
    return out;
  }
  static Error error_of(Pool& pool, const cutout::Task& task,
                        const std::atomic<bool>* cancelled = nullptr) {
    const auto sink = make_memfd("sink").value();
    const auto report = pool.run(task, sink.get(), cancelled);
    if (report) ADD_FAILURE() << "the task did not fail";
    return report ? Error{} : report.error();
  }
  static void expect_good(Pool& pool) {
    const auto sink = make_memfd("sink").value();
    const auto report = pool.run(task("small"), sink.get());
    ASSERT_TRUE(report) << report.error().message;
    ASSERT_FALSE(report->outcomes.at(0).error) << report->outcomes[0].error->message;
    EXPECT_EQ(report->outcomes[0].row, 7U);
    EXPECT_EQ(report->outcomes[0].width, 16);
  }
  /// A program in the place of recorte-worker: sends frames, then reads until the end.
  static fs::path imposter(const std::vector<std::string>& frames) {
    const auto escaped = [](std::string_view bytes) {
      std::string out;
      for (const unsigned char byte : bytes) {
        std::array<char, 8> text{};
        std::snprintf(text.data(), text.size(), "\\%03o", byte);
        out += text.data();
      }
      return out;
    };
    std::string text;
    for (const auto& frame : frames) {
      const std::string length{static_cast<char>(frame.size() & 0xff),
                               static_cast<char>(frame.size() >> 8), 0, 0};
      text += "printf '" + escaped(length + frame) + "' >&3\n";
    }
    return script(text + "exec cat <&3 >/dev/null\n");
  }
  /// The same, that does what a shell is told.
  static fs::path script(const std::string& text) {
    const auto path = directory_->path() / "imposter";
    EXPECT_TRUE(write_file(path, "#!/bin/sh\n" + text));
    fs::permissions(path, fs::perms::owner_all);
    return path;
  }

  static inline std::optional<test::TempDir> directory_;
  std::size_t descriptors_ = 0;
};

TEST_F(PoolTest, WritesTheProductIntoTheSink) {
  Pool pool(options());
  const auto sink = make_memfd("sink").value();
  auto several = task("small");
  several.items.push_back({8, request("small", 20), {}});
  const auto report = pool.run(several, sink.get());
  ASSERT_TRUE(report) << report.error().message;
  ASSERT_EQ(report->outcomes.size(), 2U);
  const auto bytes = read_descriptor(sink.get()).value();
  for (const auto& o : report->outcomes) {
    ASSERT_FALSE(o.error) << o.error->message;
    EXPECT_EQ(o.width, o.row == 7 ? 16 : 20);
    EXPECT_EQ(o.coverage, 1);
    EXPECT_EQ(bytes.substr(static_cast<std::size_t>(o.offset), 9), "SIMPLE  =");
    EXPECT_EQ(o.bytes % 2880, 0);
  }
  EXPECT_EQ(report->outcomes[1].offset, report->outcomes[0].bytes);
}

TEST_F(PoolTest, OneBadItemFailsAlone) {
  Pool pool(options());
  const auto sink = make_memfd("sink").value();
  auto several = task("no_such");
  several.items.push_back({8, request("small", 16), {}});
  const auto report = pool.run(several, sink.get());
  ASSERT_TRUE(report);
  ASSERT_TRUE(report->outcomes[0].error);
  EXPECT_EQ(report->outcomes[0].error->code, ErrorCode::kNotFound);
  EXPECT_THAT(report->outcomes[0].error->message, AllOf(HasSubstr("no_such"), HasSubstr("small")));
  EXPECT_FALSE(report->outcomes[1].error);
  EXPECT_EQ(report->outcomes[1].offset, 0);
}

TEST_F(PoolTest, DescribesAndLocates) {
  Pool pool(options());
  const auto described = pool.describe("small");
  ASSERT_TRUE(described) << described.error().message;
  EXPECT_EQ(described->at("id"), "small");
  EXPECT_EQ(described->at("bands").at(0).at("name"), "g");
  const auto unknown = pool.describe("smal");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(unknown.error().message, HasSubstr("did you mean small?"));

  auto several = task("small");
  several.items.push_back({8, request("no_such", 16), {}});
  const auto located = pool.locate(several);
  ASSERT_TRUE(located);
  EXPECT_EQ(located->at(0).at("images").at(0).at("band"), "g");
  EXPECT_EQ(located->at(1).at("error").at("code"), "not_found");
}

TEST_F(PoolTest, AnyTextIsAnIdThatMayNotExist) {
  Pool pool(options());
  for (const std::string id : {"", "../small", "a\xFF\xFE", "\xC3\xA9", "a\nb"}) {
    const auto described = pool.describe(id);
    ASSERT_FALSE(described);
    EXPECT_EQ(described.error().code, ErrorCode::kNotFound);
  }
  EXPECT_EQ(pool.deaths(), 0U);
}

TEST_F(PoolTest, AWorkerServesManyTasks) {
  Pool pool(options());
  expect_good(pool);
  const auto workers = test::children();
  EXPECT_EQ(workers.size(), 1U);
  for (int i = 0; i < 10; ++i) expect_good(pool);
  EXPECT_EQ(test::children(), workers);
  EXPECT_EQ(pool.deaths(), 0U);
}

TEST_F(PoolTest, ACrashCostsItsTaskAlone) {
  Pool pool(options());
  const std::pair<const char*, const char*> ways[] = {
      {"segfault-run", "SIGSEGV"}, {"abort-run", "SIGABRT"}, {"exit-run", "exited with status 0"}};
  std::size_t deaths = 0;
  for (const auto& [vice, how] : ways) {
    const auto error = error_of(pool, task("small", std::string("vice-") + vice));
    EXPECT_EQ(error.code, ErrorCode::kPlugin);
    EXPECT_THAT(error.message, AllOf(HasSubstr(how), HasSubstr(vice), HasSubstr("run()")));
    EXPECT_EQ(pool.deaths(), ++deaths);
    EXPECT_TRUE(test::children().empty());  // and nobody forgot to wait for it
    expect_good(pool);
  }
  const auto error = error_of(pool, task("segfault-find"));
  EXPECT_EQ(error.code, ErrorCode::kPlugin);
  EXPECT_THAT(error.message, AllOf(HasSubstr("SIGSEGV"), HasSubstr("vice-segfault-find")));
  expect_good(pool);
}

TEST_F(PoolTest, AThrowIsAnAnswer) {
  Pool pool(options());
  const auto sink = make_memfd("sink").value();
  const auto report = pool.run(task("small", "vice-throw-run"), sink.get());
  ASSERT_TRUE(report);
  ASSERT_TRUE(report->outcomes[0].error);
  EXPECT_EQ(report->outcomes[0].error->code, ErrorCode::kPlugin);
  EXPECT_THAT(report->outcomes[0].error->message, HasSubstr("thrown by a vice"));
  EXPECT_EQ(read_descriptor(sink.get()), "");  // what was written of it is taken back
  EXPECT_EQ(pool.deaths(), 0U);
}

TEST_F(PoolTest, AHangEndsAtTheDeadline) {
  Pool pool(options());
  for (const auto& hanging : {task("small", "vice-loop-run", 400), task("loop-find", "", 400)}) {
    const auto begin = monotonic_ms();
    const auto error = error_of(pool, hanging);
    EXPECT_EQ(error.code, ErrorCode::kTimeout);
    EXPECT_THAT(error.message, AllOf(HasSubstr("longer than 400 ms"), HasSubstr("vice-loop-")));
    EXPECT_GE(monotonic_ms() - begin, 400);
    EXPECT_LT(monotonic_ms() - begin, 5000);
    expect_good(pool);
  }
}

TEST_F(PoolTest, ACancelledTaskEndsSoon) {
  Pool pool(options());
  std::atomic<bool> cancelled = true;
  const auto begin = monotonic_ms();
  EXPECT_EQ(error_of(pool, task("small", "vice-loop-run"), &cancelled).code, ErrorCode::kCancelled);
  EXPECT_LT(monotonic_ms() - begin, 5000);
  expect_good(pool);  // of a new worker, to whom nobody says so

  cancelled = false;
  std::thread user([&] {
    while (test::children().empty()) std::this_thread::yield();
    cancelled = true;
  });
  EXPECT_EQ(error_of(pool, task("loop-find"), &cancelled).code, ErrorCode::kCancelled);
  user.join();
}

/// One that obeys ends at its next look, long before its grace is over, and its worker lives.
TEST_F(PoolTest, AWorkerThatObeysIsNotKilled) {
  auto o = options(1);
  o.grace_ms = 600'000;
  Pool pool(o);
  expect_good(pool);
  const auto workers = test::children();
  std::atomic<bool> cancelled = true;
  auto many = task("small");
  many.items.resize(20'000, many.items.front());
  EXPECT_EQ(error_of(pool, many, &cancelled).code, ErrorCode::kCancelled);
  EXPECT_EQ(test::children(), workers);
  EXPECT_EQ(pool.deaths(), 0U);
}

TEST_F(PoolTest, AStuckWorkerIsKilledOnceItsGraceIsOver) {
  auto o = options(1);
  o.grace_ms = 300;
  Pool pool(o);
  expect_good(pool);
  std::atomic<bool> cancelled = true;
  const auto begin = monotonic_ms();
  EXPECT_EQ(error_of(pool, task("loop-find"), &cancelled).code, ErrorCode::kCancelled);
  EXPECT_GE(monotonic_ms() - begin, 300);
  EXPECT_EQ(pool.deaths(), 1U);
}

TEST_F(PoolTest, WaitingForAWorkerCanBeCancelledToo) {
  Pool pool(options(1));
  std::atomic<bool> first = false;
  std::thread hanging(
      [&] { EXPECT_EQ(error_of(pool, task("loop-find"), &first).code, ErrorCode::kCancelled); });
  while (test::children().empty()) std::this_thread::yield();
  std::atomic<bool> second = true;
  EXPECT_EQ(error_of(pool, task("small"), &second).code, ErrorCode::kCancelled);
  EXPECT_EQ(test::children().size(), 1U);  // the first one's, still at it
  first = true;
  hanging.join();
}

/// Every thread gets its own answer, though all share few workers and some of those die.
TEST_F(PoolTest, ManyThreadsShareFewWorkers) {
  Pool pool(options(3));
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&pool, t] {
      for (int i = 0; i < 12; ++i) {
        if ((i + t) % 6 == 0) {
          EXPECT_EQ(error_of(pool, task("segfault-find")).code, ErrorCode::kPlugin);
          continue;
        }
        const int side = 3 + t * 5 + i % 4;
        auto own = task("small");
        own.items = {{static_cast<std::uint64_t>(100 * t + i), request("small", side), {}}};
        const auto sink = make_memfd("sink").value();
        const auto report = pool.run(own, sink.get());
        ASSERT_TRUE(report) << report.error().message;
        EXPECT_EQ(report->outcomes.at(0).row, static_cast<std::uint64_t>(100 * t + i));
        EXPECT_EQ(report->outcomes[0].width, side);
        EXPECT_LE(test::children().size(),
                  3U + 8U);  // a worker that dies is a child until it is waited for
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(pool.deaths(), 16U);
  EXPECT_LE(test::children().size(), 3U);
}

/// PR_SET_PDEATHSIG would kill it: to the kernel a parent is a thread.
TEST_F(PoolTest, AWorkerOutlivesTheThreadThatStartedIt) {
  Pool pool(options());
  std::thread([&] { expect_good(pool); }).join();
  const auto workers = test::children();
  ASSERT_EQ(workers.size(), 1U);
  EXPECT_FALSE(ends(*workers.begin(), monotonic_ms() + 100));
  expect_good(pool);
  EXPECT_EQ(test::children(), workers);
}

TEST_F(PoolTest, AWorkerThatDiedIdleCostsNothing) {
  Pool pool(options());
  expect_good(pool);
  const auto workers = test::children();
  ASSERT_EQ(workers.size(), 1U);  // else the signal could reach everyone
  const auto pid = *workers.begin();
  ::kill(pid, SIGKILL);
  ASSERT_TRUE(ends(pid, monotonic_ms() + 5000));
  expect_good(pool);
  EXPECT_EQ(pool.deaths(), 1U);
}

TEST_F(PoolTest, WorkersEndWithTheirSupervisorWhateverTheyDo) {
  ASSERT_EQ(::prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
  const pid_t supervisor = ::fork();
  ASSERT_GE(supervisor, 0);
  if (supervisor == 0) {
    Pool pool(options());
    const auto sink = make_memfd("sink");
    std::thread([&] { (void)pool.run(task("loop-find"), sink->get()); }).detach();
    while (test::children().empty()) std::this_thread::yield();
    ::_exit(0);
  }
  ::waitpid(supervisor, nullptr, 0);
  for (const auto worker : test::children()) {  // orphans are ours now
    EXPECT_TRUE(ends(worker, monotonic_ms() + 10'000));
    ::kill(worker, SIGKILL);
    ::waitpid(worker, nullptr, 0);
  }
  ::prctl(PR_SET_CHILD_SUBREAPER, 0);
}

TEST_F(PoolTest, AProgramThatCannotRunIsNamed) {
  for (const auto& [program, code] : {std::pair("/no/such/recorte-worker", ErrorCode::kNotFound),
                                      std::pair("/etc/passwd", ErrorCode::kForbidden)}) {
    auto o = options();
    o.program = program;
    Pool pool(o);
    for (int i = 0; i < 3; ++i) {  // and each failure frees its place
      const auto error = error_of(pool, task("small"));
      EXPECT_EQ(error.code, code);
      EXPECT_THAT(error.message, HasSubstr(program));
    }
  }
}

TEST_F(PoolTest, AProgramThatEndsAtOnceIsACrash) {
  auto o = options();
  o.program = "/bin/false";
  Pool pool(o);
  const auto error = error_of(pool, task("small"));
  EXPECT_EQ(error.code, ErrorCode::kInternal);
  EXPECT_THAT(error.message, HasSubstr("exited with status 1"));
}

TEST_F(PoolTest, AWorkerThatTheMachineKillsIsNoBug) {
  auto o = options();
  o.program = script("kill -KILL $$");
  Pool pool(o);
  const auto error = error_of(pool, task("small"));
  EXPECT_EQ(error.code, ErrorCode::kUnavailable);
  EXPECT_THAT(error.message, AllOf(HasSubstr("SIGKILL"), HasSubstr("try it again")));
}

/// What a plugin might write to the socket, by accident or not: never believed, never fatal.
TEST_F(PoolTest, AnAnswerThatIsNoneIsRefused) {
  const auto good = encode(Reply{1, std::string("{}")});
  for (const auto& frame : {std::string(), std::string("junk"), good.substr(0, good.size() - 1),
                            good + "x", encode(Reply{0, std::string("{}")})}) {
    auto o = options();
    o.program = imposter({frame});
    Pool pool(o);
    const auto described = pool.describe("small");
    ASSERT_FALSE(described) << frame;
    EXPECT_EQ(described.error().code, ErrorCode::kInternal) << frame;
    EXPECT_THAT(described.error().message, HasSubstr("sent what is no answer")) << frame;
    EXPECT_EQ(pool.deaths(), 1U);
  }
}

TEST_F(PoolTest, ADescriptionThatIsNoJsonIsRefused) {
  auto o = options();
  o.program = imposter({encode(Reply{1, std::string("{")})});
  Pool pool(o);
  EXPECT_EQ(pool.describe("small").error().code, ErrorCode::kInternal);
}

TEST_F(PoolTest, AReportMustFitItsTask) {
  cutout::Outcome good;
  good.row = 7;
  const auto but = [&](auto change) {
    auto other = good;
    change(other);
    return cutout::encode(cutout::TaskReport{{other}});
  };
  const std::vector<std::string> results{
      cutout::encode(cutout::TaskReport{}),
      cutout::encode(cutout::TaskReport{{good, good}}),
      "junk",
      but([](auto& o) { o.row = 8; }),
      but([](auto& o) { o.offset = -1; }),
      but([](auto& o) { o.bytes = 1; }),
      but([](auto& o) { o.bytes = -1; }),
      but([](auto& o) { o.offset = o.bytes = std::numeric_limits<std::int64_t>::max(); }),
      but([](auto& o) {
        o.row = 8, o.error = Error{ErrorCode::kData, "b"};
      })};
  for (const auto& result : results) {
    auto o = options();
    o.program = imposter({encode(Reply{1, result})});
    Pool pool(o);
    EXPECT_EQ(error_of(pool, task("small")).code, ErrorCode::kInternal);
  }
}

/// A task that is given to a free worker is there before anybody waits for it; where none is free,
/// nothing happens.
TEST_F(PoolTest, BeginsWithoutWaiting) {
  Pool pool(options());
  const auto sink = make_memfd("sink").value();
  EXPECT_FALSE(pool.begin(task("small"), sink.get()));  // none was started yet
  ASSERT_TRUE(pool.warm());
  auto begun = pool.begin(task("small"), sink.get());
  ASSERT_TRUE(begun);
  EXPECT_FALSE(pool.begin(task("small"), sink.get()));
  const auto report = pool.finish(std::move(*begun), task("small"), sink.get());
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->outcomes[0].width, 16);
  expect_good(pool);
}

/// The second answer comes too late for the first call, and is not taken for one to the next.
TEST_F(PoolTest, AWorkerThatAnswersTwiceIsReplaced) {
  auto o = options();
  o.program = imposter({encode(Reply{1, std::string(R"({"id":"x"})")}),
                        encode(Reply{1, std::string(R"({"id":"y"})")})});
  Pool pool(o);
  ASSERT_TRUE(pool.describe("small"));
  const auto first = test::children();
  EXPECT_FALSE(pool.describe("small"));
  EXPECT_GE(pool.deaths(), 1U);
  EXPECT_NE(test::children(), first);
}

}  // namespace
}  // namespace recorte::worker
