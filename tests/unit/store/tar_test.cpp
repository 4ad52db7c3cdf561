// SPDX-License-Identifier: BSD-3-Clause
#include "core/store/tar.hpp"

#include "core/base/io.hpp"
#include "core/base/text.hpp"
#include "tests/unit/tree.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <map>
#include <thread>

namespace recorte::store {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kTime = 1'700'000'000;

std::string content(std::size_t size) {
  std::string out(size, '\0');
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<char>(i * 2654435761U >> 13);
  return out;
}

Fd memory_of(std::string_view bytes) {
  auto memory = make_memfd("source");
  EXPECT_TRUE(memory);
  EXPECT_TRUE(write_all(memory->get(), std::as_bytes(std::span(bytes.data(), bytes.size()))));
  return std::move(*memory);
}

class Tar : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "recorte-tar-XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = name;
    fd_ = Fd(::open((directory_ / "a.tar").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    ASSERT_TRUE(fd_);
  }
  void TearDown() override { fs::remove_all(directory_); }

  /// Standard output of a command; its failure fails the test.
  std::string run(const std::string& command) const {
    const auto out = directory_ / "out";
    EXPECT_EQ(std::system((command + " > '" + out.string() + "'").c_str()), 0) << command;
    return read_file(out).value_or("");
  }
  std::string archive() const { return "'" + (directory_ / "a.tar").string() + "'"; }

  /// Both judges read every entry as it was written.
  void expect_entries(const std::map<std::string, std::string>& entries) {
    const auto files = directory_ / "files";
    fs::create_directory(files);
    run("tar --warning=no-timestamp -xf " + archive() + " -C '" + files.string() + "'");
    std::size_t found = 0;
    for (const auto& entry : fs::recursive_directory_iterator(files))
      found += entry.is_regular_file();
    EXPECT_EQ(found, entries.size());
    for (const auto& [name, bytes] : entries)
      EXPECT_EQ(read_file(files / name).value_or("?"), bytes) << name;

    const auto lines =
        split(run("/usr/bin/python3 " +
                  (recorte::test::source_tree() / "tests/unit/store/check_tar.py").string() + " " +
                  archive()),
              '\n');
    std::map<std::string, std::vector<std::string>> listed;
    for (const auto& line : lines)
      if (const auto fields = split(line, '\t'); fields.size() == 6) listed[fields[0]] = fields;
    EXPECT_EQ(listed.size(), entries.size());
    for (const auto& [name, bytes] : entries) {
      if (name.find_first_of(" '\xC3") != name.npos) continue;  // told by GNU tar
      const auto fields = listed["'" + name + "'"];
      ASSERT_EQ(fields.size(), 6U) << name;
      EXPECT_EQ(fields[1], std::to_string(bytes.size()));
      EXPECT_EQ(fields[2], std::to_string(kTime));
      EXPECT_EQ(fields[3], "0o644");
      EXPECT_EQ(fields[4], "True");
      const Fd source = memory_of(bytes);
      EXPECT_EQ(fields[5], split_blanks(run("sha1sum < /proc/" + std::to_string(::getpid()) +
                                            "/fd/" + std::to_string(source.get())))[0]);
    }
  }

  fs::path directory_;
  Fd fd_;
};

TEST_F(Tar, IsReadByTarAndPython) {
  TarWriter tar(fd_.get(), kTime);
  std::map<std::string, std::string> entries;
  for (const std::size_t size :
       {0, 1, 511, 512, 513, 1023, 1024, 10240, (1 << 20) - 1, 1 << 20, (1 << 20) + 1}) {
    const auto name = "size_" + std::to_string(size) + ".fits";
    entries[name] = content(size);
    ASSERT_TRUE(tar.add(name, Content(entries[name])));
  }
  ASSERT_TRUE(tar.finish());
  EXPECT_EQ(fs::file_size(directory_ / "a.tar") % 512, 0U);
  expect_entries(entries);
}

TEST_F(Tar, TakesARangeOfADescriptor) {
  const auto bytes = content(3 << 20);
  const Fd source = memory_of(bytes);
  TarWriter tar(fd_.get(), kTime);
  ASSERT_TRUE(tar.add("begin", Content(source.get(), 0, 700)));
  ASSERT_TRUE(tar.add("middle", Content(source.get(), 12345, 2 << 20)));
  ASSERT_TRUE(tar.add("none", Content(source.get(), 5, 0)));
  ASSERT_TRUE(tar.add("end", Content(source.get(), (3 << 20) - 513, 513)));
  ASSERT_TRUE(tar.finish());
  expect_entries({{"begin", bytes.substr(0, 700)},
                  {"middle", bytes.substr(12345, 2 << 20)},
                  {"none", ""},
                  {"end", bytes.substr((3 << 20) - 513)}});
}

TEST_F(Tar, ARangeThatEndsEarlyIsAnError) {
  const Fd source = memory_of("short");
  TarWriter tar(fd_.get(), kTime);
  const auto status = tar.add("a.fits", Content(source.get(), 0, 6));
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kInternal);
}

TEST_F(Tar, NamesOfEveryLengthComeBack) {
  TarWriter tar(fd_.get(), kTime);
  std::map<std::string, std::string> entries;
  // Around the 100 bytes of a header, and where the length of a pax record gains a digit.
  for (const std::size_t length :
       {1, 89, 90, 91, 92, 98, 99, 100, 101, 102, 155, 156, 200, 250, 255}) {
    const auto name = std::string(length - 1, 'n') + "_";
    entries[name] = name;
    ASSERT_TRUE(tar.add(name, Content(name)));
  }
  const auto deep = std::string(120, 'd') + "/" + std::string(200, 'f');
  const std::string german = "k\xC3\xBChl und sch\xC3\xB6n's.fits";
  for (const auto& name : {deep, german, "long_" + german + std::string(100, '\'')}) {
    entries[name] = name;
    ASSERT_TRUE(tar.add(name, Content(name)));
  }
  ASSERT_TRUE(tar.finish());
  expect_entries(entries);
}

TEST_F(Tar, ManyEntriesAtATimeComeInTheirOrder) {
  // More pieces than one writev takes, from memory and from a descriptor by turns.
  const auto bytes = content(5000);
  const Fd source = memory_of(bytes);
  std::vector<Entry> entries;
  std::map<std::string, std::string> expected;
  for (std::size_t i = 0; i < 3000; ++i) {
    const auto name = "e" + std::to_string(i);
    const auto size = i * 7 % 1100;
    expected[name] = bytes.substr(i % 1000, size);
    const auto offset = static_cast<std::int64_t>(i % 1000);
    if (i % 5 == 0)
      entries.push_back({name, Content(source.get(), offset, static_cast<std::int64_t>(size))});
    else
      entries.push_back({name, Content(std::string_view(bytes).substr(i % 1000, size))});
  }
  TarWriter tar(fd_.get(), kTime);
  ASSERT_TRUE(tar.add(entries));
  ASSERT_TRUE(tar.finish());
  const auto names = split(run("tar -tf " + archive()), '\n');
  ASSERT_GE(names.size(), 3000U);
  for (std::size_t i = 0; i < 3000; ++i) EXPECT_EQ(names[i], entries[i].name);
  const auto files = directory_ / "files";
  fs::create_directory(files);
  run("tar --warning=no-timestamp -xf " + archive() + " -C '" + files.string() + "'");
  for (const auto& [name, text] : expected) EXPECT_EQ(read_file(files / name), text) << name;
}

TEST_F(Tar, AnEmptyArchiveIsOne) {
  TarWriter tar(fd_.get(), kTime);
  ASSERT_TRUE(tar.finish());
  EXPECT_EQ(fs::file_size(directory_ / "a.tar"), 1024U);
  EXPECT_EQ(run("tar -tf " + archive()), "");
}

TEST_F(Tar, TheDiskMayRefuse) {
  const Fd full(::open("/dev/full", O_WRONLY));
  TarWriter tar(full.get(), kTime);
  EXPECT_FALSE(tar.add("a", Content("b")));
  EXPECT_FALSE(tar.finish());
}

TEST_F(Tar, AVeryLargeEntrySaysItsSize) {
  // 8 GiB of nothing, read from a hole; what is written is a hole's worth of zeros, so only its
  // head is.
  const auto memory = make_memfd("hole");
  ASSERT_TRUE(memory);
  constexpr std::int64_t kSize = 8LL << 30;
  ASSERT_EQ(::ftruncate(memory->get(), kSize), 0);
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  Fd in(ends[0]);
  const Fd out(ends[1]);
  // The pipe holds 64 KiB: pax header and header come whole; then nobody reads, and the writer is
  // told.
  std::string head(2048, '\0');
  std::thread reader([&] {
    std::size_t done = 0;
    for (ssize_t n = 0;
         done < head.size() && (n = ::read(in.get(), &head[done], head.size() - done)) > 0;)
      done += static_cast<std::size_t>(n);
    in.reset();
  });
  ::signal(SIGPIPE, SIG_IGN);
  EXPECT_FALSE(TarWriter(out.get(), kTime).add("huge", Content(memory->get(), 0, kSize)));
  reader.join();
  EXPECT_EQ(head[156], 'x');
  EXPECT_THAT(head.substr(512, 512), testing::HasSubstr("19 size=8589934592\n"));
  EXPECT_EQ(head.substr(1024, 4), "huge");
  EXPECT_EQ(head.substr(1024 + 124, 11), "77777777777");
}

}  // namespace
}  // namespace recorte::store
