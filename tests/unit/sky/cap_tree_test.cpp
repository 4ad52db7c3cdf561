// SPDX-License-Identifier: BSD-3-Clause
#include "core/sky/footprint.hpp"
#include "tests/unit/random.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <set>

namespace recorte::sky {
namespace {

std::vector<Cap> random_caps(int count, double radius, unsigned seed) {
  std::mt19937 engine(recorte::test::seed(seed));
  std::uniform_real_distribution<double> unit(0, 1);
  std::vector<Cap> caps;
  for (int i = 0; i < count; ++i)
    caps.push_back({to_vector({360 * unit(engine), std::asin(2 * unit(engine) - 1) / kDegree}),
                    radius * unit(engine)});
  return caps;
}

std::multiset<std::uint32_t> found(const CapTree& tree, const Cap& cap) {
  std::multiset<std::uint32_t> out;
  tree.find(cap, [&](std::uint32_t id) { out.insert(id); });
  return out;
}

TEST(CapTree, FindsExactlyWhatBruteForceFinds) {
  auto caps = random_caps(20000, 1, 1);
  caps.push_back({{0, 0, 1}, 0});
  caps.push_back({{0, 0, -1}, 2});
  caps.push_back({to_vector({0, 0}), 0});
  caps.push_back({to_vector({33, 3}), 180});
  caps.push_back({to_vector({33, 3}), -1});
  const auto bytes = CapTree::build(caps);
  const auto tree = CapTree::view(bytes);
  ASSERT_TRUE(tree);
  EXPECT_EQ(tree->size(), caps.size());
  auto queries = random_caps(100, 3, 2);
  queries.push_back({{0, 0, 1}, 1});
  queries.push_back({{0, 0, -1}, 0});
  queries.push_back({to_vector({0, 0}), 0.5});
  queries.push_back({to_vector({359.9999, -45}), 0.5});
  queries.push_back({to_vector({10, 10}), 100});
  queries.push_back({to_vector({10, 10}), 180});
  queries.push_back({to_vector({10, 10}), -1});
  for (const auto& query : queries) {
    std::multiset<std::uint32_t> expected;
    for (std::uint32_t i = 0; i < caps.size(); ++i)
      if (meets(caps[i], query)) expected.insert(i);
    EXPECT_EQ(found(*tree, query), expected);
  }
}

TEST(CapTree, WorksFromNoneToAFewNodes) {
  for (const int count : {0, 1, 15, 16, 17, 255, 256, 257}) {
    const auto bytes = CapTree::build(random_caps(count, 1, 5));
    const auto tree = CapTree::view(bytes);
    ASSERT_TRUE(tree);
    EXPECT_EQ(found(*tree, {{1, 0, 0}, 180}).size(), static_cast<std::size_t>(count));
  }
}

TEST(CapTree, RefusesDamagedBytes) {
  const auto good = CapTree::build(random_caps(300, 1, 6));
  EXPECT_FALSE(CapTree::view({}));
  EXPECT_FALSE(CapTree::view(std::span(good).first(good.size() - 1)));
  auto bad = good;
  bad[0] = std::byte{'X'};
  EXPECT_FALSE(CapTree::view(bad));
  bad = good;
  bad[8] = std::byte{0xFF};  // the count
  EXPECT_FALSE(CapTree::view(bad));
  bad = good;
  bad[15] = std::byte{0xFF};  // the count, enormous
  EXPECT_FALSE(CapTree::view(bad));
  bad = good;
  bad[16 + 300 * sizeof(Cap) + 3] = std::byte{0xFF};  // an identifier
  const auto refused = CapTree::view(bad);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kData);
}

}  // namespace
}  // namespace recorte::sky
