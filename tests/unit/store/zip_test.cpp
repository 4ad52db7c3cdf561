// SPDX-License-Identifier: BSD-3-Clause
#include "core/store/zip.hpp"

#include "core/base/io.hpp"
#include "core/base/text.hpp"
#include "tests/unit/tree.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <map>

namespace recorte::store {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kTime = 1'700'000'000;  // 2023-11-14T22:13:20

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

class Zip : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "recorte-zip-XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = name;
    fd_ = Fd(::open((directory_ / "a.zip").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    ASSERT_TRUE(fd_);
  }
  void TearDown() override { fs::remove_all(directory_); }

  std::string run(const std::string& command) const {
    const auto out = directory_ / "out";
    EXPECT_EQ(std::system((command + " > '" + out.string() + "'").c_str()), 0) << command;
    return read_file(out).value_or("");
  }
  std::string archive() const { return "'" + (directory_ / "a.zip").string() + "'"; }
  /// What Python's zipfile says, a list of fields an entry.
  std::vector<std::vector<std::string>> listed() const {
    std::vector<std::vector<std::string>> out;
    for (const auto& line :
         split(run("/usr/bin/python3 " +
                   (recorte::test::source_tree() / "tests/unit/store/check_zip.py").string() + " " +
                   archive()),
               '\n'))
      if (!line.empty()) out.push_back(split(line, '\t'));
    return out;
  }
  std::string sha1(std::string_view bytes) const {
    const Fd source = memory_of(bytes);
    return split_blanks(run("sha1sum < /proc/" + std::to_string(::getpid()) + "/fd/" +
                            std::to_string(source.get())))[0];
  }

  fs::path directory_;
  Fd fd_;
};

TEST_F(Zip, IsReadByPythonAndUnzip) {
  ZipWriter zip(fd_.get(), kTime);
  std::map<std::string, std::string> entries;
  for (const std::size_t size : {0, 1, 511, 70'000, (1 << 20) - 1, 1 << 20, (3 << 20) + 1}) {
    const auto name = "size_" + std::to_string(size) + ".fits";
    entries[name] = content(size);
    ASSERT_TRUE(zip.add(name, Content(entries[name])));
  }
  ASSERT_TRUE(zip.finish());
  run("unzip -tqq " + archive());
  const auto found = listed();
  ASSERT_EQ(found.size(), entries.size());
  for (const auto& fields : found) {
    ASSERT_EQ(fields.size(), 6U);
    const auto& bytes = entries.at(fields[0].substr(1, fields[0].size() - 2));
    EXPECT_EQ(fields[1], std::to_string(bytes.size()));
    EXPECT_EQ(fields[2], "0");
    EXPECT_EQ(fields[3], "0o100644");
    EXPECT_EQ(fields[4], "2023-11-14T22:13:20");
    EXPECT_EQ(fields[5], sha1(bytes));
  }
}

TEST_F(Zip, TakesRangesOfADescriptorBesideMemory) {
  const auto bytes = content(3 << 20);
  const Fd source = memory_of(bytes);
  const std::vector<Entry> entries{{"begin", Content(source.get(), 0, 700)},
                                   {"text", Content("text")},
                                   {"middle", Content(source.get(), 12345, 2 << 20)},
                                   {"none", Content(source.get(), 5, 0)}};
  ZipWriter zip(fd_.get(), kTime);
  ASSERT_TRUE(zip.add(entries));
  ASSERT_TRUE(zip.finish());
  const auto found = listed();
  ASSERT_EQ(found.size(), 4U);
  EXPECT_EQ(found[0][5], sha1(bytes.substr(0, 700)));
  EXPECT_EQ(found[1][5], sha1("text"));
  EXPECT_EQ(found[2][5], sha1(bytes.substr(12345, 2 << 20)));
  EXPECT_EQ(found[3][5], sha1(""));
}

TEST_F(Zip, ARangeThatEndsEarlyIsAnError) {
  const Fd source = memory_of("short");
  ZipWriter zip(fd_.get(), kTime);
  const auto status = zip.add("a.fits", Content(source.get(), 0, 6));
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kInternal);
}

TEST_F(Zip, NamesAreUtf8) {
  const std::string german = "k\xC3\xBChl.fits";
  ZipWriter zip(fd_.get(), kTime);
  ASSERT_TRUE(zip.add(german, Content("a")));
  ASSERT_TRUE(zip.add(std::string(65'535, 'n'), Content("b")));
  const auto status = zip.add(std::string(65'536, 'n'), Content("c"));
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kUsage);
  ASSERT_TRUE(zip.finish());
  const auto found = listed();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0][0], "'k\\xfchl.fits'");
  EXPECT_EQ(found[1][0].size(), 65'537U);
}

TEST_F(Zip, CountsPastSixteenBits) {
  ZipWriter zip(fd_.get(), kTime);
  std::vector<Entry> entries;
  for (int i = 0; i < 70'000; ++i) entries.push_back({"e" + std::to_string(i), Content("x")});
  ASSERT_TRUE(zip.add(entries));
  ASSERT_TRUE(zip.finish());
  run("unzip -tqq " + archive());
  EXPECT_EQ(split(run("/usr/bin/python3 -c \"import sys, zipfile; "
                      "print(len(zipfile.ZipFile(sys.argv[1]).namelist()))\" " +
                      archive()),
                  '\n')[0],
            "70000");
}

TEST_F(Zip, SizesAndPlacesPastThirtyTwoBits) {
  // Holes: a size of more than 32 bits, and an entry that begins behind it.
  const auto memory = make_memfd("hole");
  ASSERT_TRUE(memory);
  constexpr std::int64_t kSize = (4LL << 30) + 5;
  ASSERT_EQ(::ftruncate(memory->get(), kSize), 0);
  ZipWriter zip(fd_.get(), kTime);
  ASSERT_TRUE(zip.add("huge", Content(memory->get(), 0, kSize)));
  ASSERT_TRUE(zip.add("behind", Content("text")));
  ASSERT_TRUE(zip.finish());
  EXPECT_EQ(
      split(run("/usr/bin/python3 -c \"import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); "
                "print(z.getinfo('huge').file_size, z.read('behind').decode())\" " +
                archive()),
            '\n')[0],
      std::to_string(kSize) + " text");
}

TEST_F(Zip, AnEmptyArchiveIsOne) {
  ZipWriter zip(fd_.get(), kTime);
  ASSERT_TRUE(zip.finish());
  EXPECT_EQ(fs::file_size(directory_ / "a.zip"), 22U);
  EXPECT_TRUE(listed().empty());
}

TEST_F(Zip, TimesThatItCannotSayBecomeTheFirst) {
  ZipWriter zip(fd_.get(), 0);
  ASSERT_TRUE(zip.add("a", Content("b")));
  ASSERT_TRUE(zip.finish());
  EXPECT_EQ(listed()[0][4], "1980-01-01T00:00:00");
}

TEST_F(Zip, TheDiskMayRefuse) {
  const Fd full(::open("/dev/full", O_WRONLY));
  ZipWriter zip(full.get(), kTime);
  EXPECT_FALSE(zip.add("a", Content("b")));
  EXPECT_FALSE(zip.finish());
}

}  // namespace
}  // namespace recorte::store
