// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/product_response.hpp"

#include <gmock/gmock.h>

namespace {

using namespace recorte;
using namespace testing;

cutout::CutoutRequest request_of(const std::string& canonical) {
  return *cutout::parse_canonical(canonical);
}

service::Product product(std::string version = "1") {
  service::Product out;
  out.outcome.offset = 10;
  out.outcome.bytes = 2880;
  out.outcome.bands = {"g", "r"};
  out.outcome.version = std::move(version);
  out.sink = std::make_shared<const store::Sink>(store::Sink::in_memory().value());
  return out;
}

const auto kStamp = "survey=demo&ra=150.1&dec=-2.25&size=64px&format=";

TEST(ProductResponse, NamesTheFileAfterWhatItHolds) {
  const auto fits = service::product_response(request_of(std::string(kStamp) + "fits"), product());
  EXPECT_EQ(*fits.headers.find("Content-Disposition"),
            "attachment; filename=\"demo_150.10000_-2.25000_g_r.fits\"");
  EXPECT_EQ(*fits.headers.find("Content-Type"), "application/fits");
  const auto png = service::product_response(request_of(std::string(kStamp) + "png"), product());
  EXPECT_EQ(*png.headers.find("Content-Disposition"),
            "inline; filename=\"demo_150.10000_-2.25000_g_r.png\"");
}

TEST(ProductResponse, SendsTheProductsPartOfItsSink) {
  const auto piece_of = [](service::Product made) {
    auto response =
        service::product_response(request_of(std::string(kStamp) + "fits"), std::move(made));
    return std::get<std::vector<http::Piece>>(response.body).at(0);
  };
  const auto in_memory = product();
  const auto memory = std::get<http::Memory>(piece_of(in_memory));
  EXPECT_EQ(memory.bytes.get(), in_memory.sink->content(10, 1).memory().data());
  EXPECT_EQ(memory.offset, 0);
  EXPECT_EQ(memory.size, 2880);
  auto on_disk = product();
  on_disk.sink =
      std::make_shared<const store::Sink>(store::Sink::on_disk(testing::TempDir()).value());
  const auto range = std::get<http::FileRange>(piece_of(on_disk));
  EXPECT_EQ(range.file->get(), on_disk.sink->descriptor());
  EXPECT_EQ(range.offset, 10);
  EXPECT_EQ(range.size, 2880);
}

TEST(ProductResponse, TagsWhatWasAskedAndWhatItWasMadeOf) {
  const auto tag = [](const std::string& format, const std::string& version) {
    return *service::product_response(request_of(kStamp + format), product(version))
                .headers.find("ETag");
  };
  EXPECT_THAT(tag("fits", "1"), StartsWith("W/\""));
  EXPECT_EQ(tag("fits", "1"), tag("fits", "1"));
  EXPECT_NE(tag("fits", "1"), tag("fits", "2"));
  EXPECT_NE(tag("fits", "1"), tag("png", "1"));
}

TEST(ProductResponse, WarningsCannotBreakAHeader) {
  auto made = product();
  made.outcome.warnings = {"the \"file\"\r\nX: y é"};
  const auto response =
      service::product_response(request_of(std::string(kStamp) + "fits"), std::move(made));
  const auto& warning = *response.headers.find("Warning");
  EXPECT_EQ(warning.find_first_of("\r\n"), std::string::npos);
  EXPECT_THAT(warning, StartsWith("299 recorte \"the 'file'"));
}

}  // namespace
