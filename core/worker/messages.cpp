// SPDX-License-Identifier: BSD-3-Clause
#include "core/worker/messages.hpp"

#include "core/base/bytes.hpp"
#include "core/base/utf8.hpp"

namespace recorte::worker {

std::string encode(const Question& question) {
  ByteWriter out;
  out.add(question.call);
  out.add(question.operation);
  out.add(question.body);
  return out.take();
}

std::optional<Question> decode_question(std::string_view bytes) {
  ByteReader in(bytes);
  Question out;
  out.call = in.get<std::uint64_t>();
  out.operation = in.get<Operation>();
  out.body = in.text();
  if (!in.done() || out.operation > Operation::kLoad) return {};
  return out;
}

std::string encode(const Reply& reply) {
  ByteWriter out;
  out.add(reply.call);
  out.add(reply.body.has_value());
  if (reply.body) {
    out.add(*reply.body);
  } else {
    out.add(error_row(reply.body.error().code).name);
    out.add(reply.body.error().message);
  }
  out.add(static_cast<std::uint64_t>(reply.faults.size()));
  for (const auto& [plugin, how] : reply.faults) {
    out.add(plugin);
    out.add(how);
  }
  return out.take();
}

std::optional<Reply> decode_reply(std::string_view bytes) {
  ByteReader in(bytes);
  Reply out;
  out.call = in.get<std::uint64_t>();
  if (in.get<std::uint8_t>() != 0) {
    out.body = in.text();
  } else {
    const auto code = error_from_name(in.text());
    out.body = fail(code, good_utf8(in.text()));  // a plugin may have said it
  }
  out.faults.resize(in.count(2 * sizeof(std::uint64_t)));
  for (auto& [plugin, how] : out.faults) {
    plugin = in.text();
    how = good_utf8(in.text());
  }
  if (!in.done()) return {};
  return out;
}

}  // namespace recorte::worker
