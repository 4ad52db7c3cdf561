// SPDX-License-Identifier: BSD-3-Clause
#include "core/sky/footprint.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <numeric>

namespace recorte::sky {
namespace {

static_assert(std::endian::native == std::endian::little, "the tree's bytes are little-endian");

// Layout: Head, caps in tree order, their identifiers, then the boxes of each level, leaves first.
// All follows from the count: there is no offset in the file to trust.
struct Head {
  std::array<char, 8> magic;
  std::uint64_t count;
};
constexpr std::array<char, 8> kMagic{'R', 'C', 'A', 'P', 'T', 'R', 'E', '1'};
constexpr std::size_t kChildren = 16;

struct Bounds {
  float low[3], high[3];
};

struct Layout {
  explicit Layout(std::size_t count) : ids(sizeof(Head) + count * sizeof(Cap)) {
    std::size_t at = ids + (count + 1) / 2 * 2 * sizeof(std::uint32_t);
    for (std::size_t nodes = count; nodes > 1 || levels.empty();) {
      nodes = (nodes + kChildren - 1) / kChildren;
      levels.push_back({at, nodes});
      at += nodes * sizeof(Bounds);
    }
    size = at;
  }
  struct Level {
    std::size_t at, nodes;
  };
  std::size_t ids;
  std::vector<Level> levels;
  std::size_t size;
};

template <class T>
T load(const std::byte* from, std::size_t index) {
  T value;
  std::memcpy(&value, from + index * sizeof(T), sizeof(T));
  return value;
}

/// The box around a cap on the unit sphere: along each axis, the cosine of the nearest and the
/// farthest angle.
Bounds box_of(const Cap& cap) {
  Bounds box;
  const double slack = 1e-9;  // degrees, above any rounding here
  for (int i = 0; i < 3; ++i) {
    const double angle = std::acos(std::clamp(cap.centre[i], -1.0, 1.0)) / kDegree;
    const double near = std::max(angle - cap.radius - slack, 0.0);
    const double far = std::min(angle + cap.radius + slack, 180.0);
    box.low[i] = std::nextafter(static_cast<float>(std::cos(far * kDegree)), -2.0F);
    box.high[i] = std::nextafter(static_cast<float>(std::cos(near * kDegree)), 2.0F);
  }
  return box;
}

void extend(Bounds& box, const Bounds& other) {
  for (int i = 0; i < 3; ++i) {
    box.low[i] = std::min(box.low[i], other.low[i]);
    box.high[i] = std::max(box.high[i], other.high[i]);
  }
}

bool overlap(const Bounds& a, const Bounds& b) {
  for (int i = 0; i < 3; ++i)
    if (a.high[i] < b.low[i] || b.high[i] < a.low[i]) return false;
  return true;
}

/// Where a direction is on a curve through the cube that keeps neighbours together (Morton order).
std::uint64_t curve_position(const Vector& v) {
  std::uint64_t key = 0;
  for (int i = 0; i < 3; ++i) {
    const auto cell = static_cast<std::uint64_t>(std::clamp((v[i] + 1) / 2, 0.0, 1.0) * 0x1FFFFF);
    for (int bit = 0; bit < 21; ++bit) key |= (cell >> bit & 1) << (3 * bit + i);
  }
  return key;
}

}  // namespace

std::vector<std::byte> CapTree::build(std::span<const Cap> caps) {
  std::vector<std::uint64_t> keys;
  for (const auto& cap : caps) keys.push_back(curve_position(cap.centre));
  std::vector<std::uint32_t> order(caps.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(),
            [&](auto a, auto b) { return std::pair(keys[a], a) < std::pair(keys[b], b); });

  const Layout layout(caps.size());
  std::vector<std::byte> bytes(layout.size);
  const Head head{kMagic, caps.size()};
  std::memcpy(bytes.data(), &head, sizeof head);
  std::vector<Bounds> boxes;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const Cap& cap = caps[order[i]];
    std::memcpy(&bytes[sizeof head + i * sizeof cap], &cap, sizeof cap);
    std::memcpy(&bytes[layout.ids + i * sizeof order[i]], &order[i], sizeof order[i]);
    boxes.push_back(box_of(cap));
  }
  for (const auto& level : layout.levels) {
    std::vector<Bounds> parents;
    for (std::size_t i = 0; i < boxes.size(); ++i)
      if (i % kChildren == 0)
        parents.push_back(boxes[i]);
      else
        extend(parents.back(), boxes[i]);
    if (!parents.empty())
      std::memcpy(&bytes[level.at], parents.data(), parents.size() * sizeof(Bounds));
    boxes = std::move(parents);
  }
  return bytes;
}

Result<CapTree> CapTree::view(std::span<const std::byte> bytes) {
  const auto refuse = [] {
    return fail(ErrorCode::kData, "the footprint tree is damaged; build the index again");
  };
  if (bytes.size() < sizeof(Head)) return refuse();
  const auto head = load<Head>(bytes.data(), 0);
  if (head.magic != kMagic || head.count > bytes.size() / sizeof(Cap) || head.count > UINT32_MAX)
    return refuse();
  const Layout layout(head.count);
  if (bytes.size() != layout.size) return refuse();
  for (std::size_t i = 0; i < head.count; ++i)
    if (load<std::uint32_t>(&bytes[layout.ids], i) >= head.count) return refuse();
  CapTree tree;
  tree.bytes_ = bytes;
  tree.count_ = static_cast<std::uint32_t>(head.count);
  return tree;
}

void CapTree::find(const Cap& cap, const std::function<void(std::uint32_t)>& found) const {
  if (count_ == 0 || cap.radius < 0) return;
  const Layout layout(count_);
  const Bounds box = box_of(cap);
  const std::byte* data = bytes_.data();
  struct Node {
    std::size_t level, index;
  };
  std::vector<Node> open{{layout.levels.size() - 1, 0}};
  while (!open.empty()) {
    const auto [level, index] = open.back();
    open.pop_back();
    if (!overlap(box, load<Bounds>(data + layout.levels[level].at, index))) continue;
    const std::size_t below = level == 0 ? count_ : layout.levels[level - 1].nodes;
    const std::size_t end = std::min(below, (index + 1) * kChildren);
    for (std::size_t child = index * kChildren; child < end; ++child)
      if (level > 0)
        open.push_back({level - 1, child});
      else if (meets(load<Cap>(data + sizeof(Head), child), cap))
        found(load<std::uint32_t>(data + layout.ids, child));
  }
}

}  // namespace recorte::sky
