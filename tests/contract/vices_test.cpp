// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/io.hpp"
#include "core/base/sanitized.hpp"
#include "core/base/time.hpp"
#include "core/plugin/library.hpp"
#include "core/plugin/probe.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <random>
#include <string>

namespace recorte::plugin {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

fs::path vice(const std::string& name) { return fs::path(VICES) / ("vice-" + name + ".so"); }

Result<Manifest> probe_it(const fs::path& file, std::int64_t timeout_ms = 5000) {
  return probe(file, {.program = PROBE_PROGRAM, .timeout_ms = timeout_ms, .memory = 256U << 20});
}

struct Case {
  const char* name;
  const char* sentence;  ///< a part of the refusal
  std::int64_t timeout_ms = 5000;
};
std::string case_name(const testing::TestParamInfo<Case>& info) {
  std::string out = info.param.name;
  std::ranges::replace(out, '-', '_');
  return out;
}
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

void expect_refusal(const Error& error, const Case& c) {
  EXPECT_EQ(error.code, ErrorCode::kPlugin);
  EXPECT_THAT(error.message, HasSubstr(c.sentence));
  EXPECT_THAT(error.message, HasSubstr("vice-" + std::string(c.name) + ".so"));
  EXPECT_THAT(error.message, testing::Not(HasSubstr("\n")));
}

/// Those that only a child may meet.
class Deadly : public testing::TestWithParam<Case> {};
TEST_P(Deadly, IsRefusedByTheProbe) {
  const auto begin = monotonic_ms();
  const auto verdict = probe_it(vice(GetParam().name), GetParam().timeout_ms);
  ASSERT_FALSE(verdict);
  expect_refusal(verdict.error(), GetParam());
  EXPECT_LT(monotonic_ms() - begin, GetParam().timeout_ms + 2000);
}
// A sanitizer reports a signal and exits.
constexpr auto kSegfault =
    kSanitized ? "ended the process" : "crashed while it was loaded (SIGSEGV)";
INSTANTIATE_TEST_SUITE_P(
    Contract, Deadly,
    testing::Values(Case{"segfault-constructor", kSegfault}, Case{"segfault-entry", kSegfault},
                    Case{"segfault-destructor", kSegfault}, Case{"abort-constructor", "(SIGABRT)"},
                    Case{"abort-entry", "(SIGABRT)"},
                    Case{"exit-constructor",
                         "ended the process while it was loaded (exit status 0)"},
                    Case{"loop-constructor", "hung: it was not loaded within 300 ms", 300},
                    Case{"loop-entry", "hung: it was not loaded within 300 ms", 300},
                    Case{"forking", "hung: it was not loaded within 700 ms", 700},
                    Case{"forged-verdict", "no valid verdict"}, Case{"garbage", "no valid verdict"},
                    Case{"closing", "ended the process"}),
    case_name);

/// Those that the probe and the worker itself refuse alike.
class Faulty : public testing::TestWithParam<Case> {};
TEST_P(Faulty, IsRefusedByTheProbe) {
  const auto verdict = probe_it(vice(GetParam().name));
  ASSERT_FALSE(verdict);
  expect_refusal(verdict.error(), GetParam());
}
TEST_P(Faulty, IsRefusedByTheLoad) {
  const Host host;
  const auto library = Library::load(vice(GetParam().name), host);
  ASSERT_FALSE(library);
  expect_refusal(library.error(), GetParam());
}
INSTANTIATE_TEST_SUITE_P(
    Contract, Faulty,
    testing::Values(
        Case{"throw-entry", "threw through the C interface: thrown by a vice"},
        Case{"missing-symbol", "exports no recorte_plugin_v1"},
        Case{"missing-manifest", "has no manifest"}, Case{"broken-manifest", "is no JSON"},
        Case{"foreign-abi", "speaks ABI 9.0 and this host 1.0"},
        Case{"lying-abi", "its entry speaks ABI 9.0"},
        Case{"short-plugin", "its recorte_plugin has 8 bytes"},
        Case{"short-table", "claims recorte.algorithm/1, but the table is too short"},
        Case{"null-function", "claims recorte.algorithm/1, but the table lacks a function"},
        Case{"null-get-interface", "its get_interface is null"},
        Case{"missing-interface", "claims recorte.algorithm/1, but the table is not there"},
        Case{"refusing-entry", "this machine has no GPU"},
        Case{"missing-dependency", "libvice_ghost.so: cannot open shared object file"}),
    case_name);

TEST(Hog, IsStoppedByTheLimit) {
  if (kSanitized) GTEST_SKIP() << "a sanitizer's shadow memory admits no limit";
  const auto verdict = probe_it(vice("hog-entry"));
  ASSERT_FALSE(verdict);
  expect_refusal(verdict.error(), {"hog-entry", "ran out of memory"});
}

TEST(Good, PassesTheProbeAndLoads) {
  const auto verdict = probe_it(vice("nothing"));
  ASSERT_TRUE(verdict) << verdict.error().message;
  EXPECT_EQ(verdict->id, "vice-nothing");
  const Host host;
  const auto library = Library::load(vice("nothing"), host);
  ASSERT_TRUE(library) << library.error().message;
  EXPECT_NE(library->algorithm(), nullptr);
  EXPECT_EQ(library->survey(), nullptr);
}

TEST(Good, ActsThatComeLaterPassTheProbe) {
  for (const auto* name : {"segfault-run", "loop-run", "hog-run", "exit-find", "segfault-open"}) {
    const auto verdict = probe_it(vice(name));
    EXPECT_TRUE(verdict) << verdict.error().message;
  }
}

TEST(Throwing, ThroughATableIsCaughtByTheHost) {
  const Host host;
  const auto library = Library::load(vice("throw-run"), host);
  ASSERT_TRUE(library) << library.error().message;
  const auto status = call_plugin("plugin vice-throw-run", [&](recorte_error* error) {
    return library->algorithm()->run(nullptr, nullptr, error);
  });
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message, HasSubstr("thrown by a vice"));
}

TEST(ProbeProgram, ThatIsMissingIsNamed) {
  const auto verdict = probe(vice("nothing"), {.program = "/no/such/recorte-worker"});
  ASSERT_FALSE(verdict);
  EXPECT_THAT(verdict.error().message, HasSubstr("/no/such/recorte-worker"));
}

TEST(ProbeProgram, ThatOnlySaysYesProvesNothing) {
  const auto verdict = probe(vice("nothing"), {.program = "/bin/true"});
  ASSERT_FALSE(verdict);
  EXPECT_THAT(verdict.error().message, HasSubstr("exit status 0"));
}

class Corrupt : public testing::Test {
 protected:
  void SetUp() override {
    bytes_ = *read_file(vice("nothing"));
    file_ = fs::path(testing::TempDir()) / ("corrupt_" + std::to_string(::getpid()) + ".so");
  }
  void TearDown() override { fs::remove(file_); }
  std::string bytes_;
  fs::path file_;
};

TEST_F(Corrupt, TruncatedFilesAreRefused) {
  for (int i = 1; i < 16; ++i) {
    ASSERT_TRUE(write_file(file_, std::string_view(bytes_).substr(0, bytes_.size() * i / 16)));
    const auto verdict = probe_it(file_);
    ASSERT_FALSE(verdict);
    EXPECT_EQ(verdict.error().code, ErrorCode::kPlugin);
  }
}

// Half of such files still load: a probe is no proof of integrity. But it never harms its caller,
// and always says something.
TEST_F(Corrupt, FlippedBitsDoNoHarm) {
  std::mt19937 random(2);
  const auto stop = monotonic_ms() + 4000;
  int refused = 0;
  for (int i = 0; i < 60 && monotonic_ms() < stop; ++i) {
    auto bytes = bytes_;
    for (int flips = 0; flips < 16; ++flips)
      bytes[random() % bytes.size()] ^= static_cast<char>(1U << random() % 8);
    ASSERT_TRUE(write_file(file_, bytes));
    const auto verdict = probe_it(file_, 500);
    if (verdict) continue;
    ++refused;
    EXPECT_FALSE(verdict.error().message.empty());
  }
  EXPECT_GT(refused, 0);
}

}  // namespace
}  // namespace recorte::plugin
