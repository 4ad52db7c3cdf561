// SPDX-License-Identifier: BSD-3-Clause
//
// Archives that are nowhere are the same, byte by byte, as those that are written.
#include "core/store/archive.hpp"

#include "core/base/crc32.hpp"
#include "core/base/io.hpp"
#include "core/base/text.hpp"
#include "core/store/tar.hpp"
#include "core/store/zip.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <random>
#include <span>

namespace recorte::store {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kTime = 1'700'000'000;

struct File {
  std::string name, bytes;
};

std::vector<Member> members_of(const std::vector<File>& files) {
  std::vector<Member> out;
  for (const auto& f : files) out.push_back({f.name, std::ssize(f.bytes), crc32(f.bytes)});
  return out;
}

std::string written(ArchiveKind kind, const std::vector<File>& files) {
  const auto fd = make_memfd("archive").value();
  std::vector<Entry> entries;
  for (const auto& f : files) entries.push_back({f.name, Content(std::string_view(f.bytes))});
  const auto write = [&](auto writer) {
    EXPECT_TRUE(writer.add(entries));
    EXPECT_TRUE(writer.finish());
  };
  if (kind == ArchiveKind::kZip)
    write(ZipWriter(fd.get(), kTime));
  else
    write(TarWriter(fd.get(), kTime));
  return read_descriptor(fd.get()).value();
}

/// From `offset` to the end.
std::string served(const Archive& archive, const std::vector<File>& files, std::int64_t offset) {
  std::string out;
  while (offset < archive.size()) {
    const auto stretch = archive.at(offset);
    std::string piece;
    if (const auto* text = std::get_if<std::string>(&stretch)) {
      piece = *text;
    } else {
      const auto& part = std::get<Archive::OfMember>(stretch);
      piece = files.at(part.member)
                  .bytes.substr(static_cast<std::size_t>(part.offset),
                                static_cast<std::size_t>(part.size));
      EXPECT_EQ(std::ssize(piece), part.size);
    }
    if (piece.empty()) {
      ADD_FAILURE() << "nothing at " << offset;
      return out;
    }
    out += piece;
    offset += std::ssize(piece);
  }
  return out;
}

std::vector<File> some_files() {
  std::vector<File> out;
  for (const std::size_t size : {0, 1, 511, 512, 513, 70'000})
    out.push_back({"size " + std::to_string(size), std::string(size, 'x')});
  out.push_back({"a/b.fits", "in a directory"});
  out.push_back({"k\xC3\xBChl.fits", "UTF-8"});
  for (const std::size_t length : {99, 100, 101, 300, 5000})
    out.push_back({std::string(length, 'n') + std::to_string(length), "of a long name"});
  return out;
}

class ArchiveKinds : public testing::TestWithParam<ArchiveKind> {};

TEST_P(ArchiveKinds, TheBytesAreThoseOfTheWriterFromAnyPlace) {
  const auto files = some_files();
  const auto archive = Archive::make(GetParam(), members_of(files), kTime);
  ASSERT_TRUE(archive) << archive.error().message;
  const auto expected = written(GetParam(), files);
  ASSERT_EQ(archive->size(), std::ssize(expected));
  ASSERT_TRUE(served(*archive, files, 0) == expected);
  std::mt19937 random(1);
  for (int i = 0; i < 2000; ++i) {
    const auto offset = random() % expected.size();
    ASSERT_TRUE(served(*archive, files, static_cast<std::int64_t>(offset)) ==
                expected.substr(offset))
        << offset;
  }
}

TEST_P(ArchiveKinds, AnEmptyOneIsOne) {
  const auto archive = Archive::make(GetParam(), {}, kTime).value();
  EXPECT_EQ(served(archive, {}, 0), written(GetParam(), {}));
}

TEST_P(ArchiveKinds, ManyMembers) {
  std::vector<File> files;
  for (int i = 0; i < 70'000; ++i) files.push_back({"e" + std::to_string(i), "x"});
  const auto archive = Archive::make(GetParam(), members_of(files), kTime).value();
  EXPECT_TRUE(served(archive, files, 0) == written(GetParam(), files));
}

TEST_P(ArchiveKinds, NoStretchOfHeadsIsLong) {
  std::vector<File> files;
  for (int i = 0; i < 3'000; ++i) files.push_back({std::string(200, 'n') + std::to_string(i), "x"});
  const auto archive = Archive::make(GetParam(), members_of(files), kTime).value();
  for (std::int64_t at = 0; at < archive.size();) {
    const auto stretch = archive.at(at);
    if (const auto* text = std::get_if<std::string>(&stretch)) {
      ASSERT_LE(text->size(), 70'000U);
      at += std::ssize(*text);
    } else {
      at += std::get<Archive::OfMember>(stretch).size;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Store, ArchiveKinds,
                         testing::Values(ArchiveKind::kZip, ArchiveKind::kTar));

TEST(Archive, ANameThatIsTooLongForAZipIsRefused) {
  const auto archive = Archive::make(ArchiveKind::kZip, {{std::string(65'536, 'n'), 1, 0}}, kTime);
  ASSERT_FALSE(archive);
  EXPECT_EQ(archive.error().code, ErrorCode::kUsage);
}

/// On a disk whose members are holes: the heads are where their sizes say.
class LargeArchive : public testing::Test {
 protected:
  static constexpr std::int64_t kHuge = (9LL << 30) + 5;  // more than tar's octal digits hold

  void SetUp() override {
    std::string name = testing::TempDir() + "recorte-archive-XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = name;
  }
  void TearDown() override { fs::remove_all(directory_); }

  /// What a script prints of an archive of a huge member, one of four bytes behind it, and some.
  std::string read_by(ArchiveKind kind, const std::string& script) {
    const std::vector<Member> members{{"huge", kHuge, 0},
                                      {std::string(150, 'n'), 4, crc32(std::string_view("text"))},
                                      {"last", 0, 0}};
    const auto archive = Archive::make(kind, members, kTime).value();
    const auto path = directory_ / "a";
    const Fd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    EXPECT_EQ(::ftruncate(fd.get(), archive.size()), 0);
    for (std::int64_t at = 0; at < archive.size();) {
      auto stretch = archive.at(at);
      if (const auto* part = std::get_if<Archive::OfMember>(&stretch)) {
        if (part->member == 0) {
          at += part->size;
          continue;
        }
        stretch = std::string("text").substr(static_cast<std::size_t>(part->offset));
      }
      const auto& text = std::get<std::string>(stretch);
      EXPECT_TRUE(pwrite_all(fd.get(), std::as_bytes(std::span(text.data(), text.size())), at));
      at += std::ssize(text);
    }
    const auto command = "/usr/bin/python3 -c \"import sys, zipfile, tarfile; " + script + "\" '" +
                         path.string() + "' > '" + (directory_ / "out").string() + "'";
    EXPECT_EQ(std::system(command.c_str()), 0);
    return read_file(directory_ / "out").value_or("");
  }
  fs::path directory_;
};

TEST_F(LargeArchive, PythonReadsAZip) {
  EXPECT_EQ(read_by(ArchiveKind::kZip,
                    "z = zipfile.ZipFile(sys.argv[1]); i = z.infolist(); "
                    "print(i[0].file_size, z.read(i[1]).decode(), len(i))"),
            std::to_string(kHuge) + " text 3\n");
}

TEST_F(LargeArchive, PythonReadsATar) {
  EXPECT_EQ(read_by(ArchiveKind::kTar,
                    "t = tarfile.open(sys.argv[1], 'r:'); i = t.getmembers(); "
                    "print(i[0].size, t.extractfile(i[1]).read().decode(), len(i))"),
            std::to_string(kHuge) + " text 3\n");
}

}  // namespace
}  // namespace recorte::store
