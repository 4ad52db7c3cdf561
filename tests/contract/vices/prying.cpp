// SPDX-License-Identifier: BSD-3-Clause
//
// A survey that looks around: its find() tries what the section [pry] of its file names, and tells
// as an error what came of it, "open: EACCES, connect: EPERM".
#include <arpa/inet.h>
#include <fcntl.h>
#include <recorte/survey.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>

RECORTE_EMBED_MANIFEST(RECORTE_MANIFEST_JSON);

namespace {

struct Pry {
  std::string open, write, connect, signal;
};

const char* outcome(bool done) { return done ? "done" : strerrorname_np(errno); }

bool opens(const std::string& path, int flags) {
  const int file = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
  if (file < 0) return false;
  ::close(file);
  return true;
}

bool connects(const std::string& port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return false;
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(std::atoi(port.c_str())));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool done = ::connect(socket, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
  const int why = errno;
  ::close(socket);
  errno = why;
  return done;
}

/// Signal 0 does nothing but say whether another might be sent.
bool signals(const std::string& pid) { return ::kill(std::atoi(pid.c_str()), 0) == 0; }
bool looks_into(const std::string& pid) {
  const auto memory = "/proc/" + pid + "/mem";
  return opens(memory, O_RDONLY);
}
bool traces(const std::string& pid) {
  return ::ptrace(PTRACE_SEIZE, std::atoi(pid.c_str()), nullptr, nullptr) == 0;
}

recorte_status open(const recorte_host* host, const recorte_config* config, void** self,
                    recorte_error*) {
  auto* pry = new (std::nothrow) Pry;
  if (pry == nullptr) return RECORTE_RESOURCE;
  const auto get = [&](const char* pointer, std::string& out) {
    recorte_str text{};
    if (host->config_get(host, config, pointer, &text) == RECORTE_OK)
      out.assign(text.data, text.size);
  };
  get("/pry/open", pry->open);
  get("/pry/write", pry->write);
  get("/pry/connect", pry->connect);
  get("/pry/signal", pry->signal);
  *self = pry;
  return RECORTE_OK;
}

void close(void* self) { delete static_cast<Pry*>(self); }

recorte_status describe(void*, const recorte_text_sink* out, recorte_error*) {
  constexpr char kText[] =
      R"({"title": "Prying", "release": "", "citation": "", "bands": [{"name": "g",)"
      R"( "lambda_min": 4e-7, "lambda_max": 5.5e-7}], "planes": ["image"], "pixel_scale": 1e-4,)"
      R"( "example": {"ra": 150, "dec": 2}})";
  out->write(out, {kText, sizeof kText - 1});
  return RECORTE_OK;
}

recorte_status find(void* self, const recorte_call*, const recorte_query*,
                    const recorte_source_sink*, recorte_error* error) {
  const auto& pry = *static_cast<const Pry*>(self);
  std::string told;
  const auto tell = [&told](const char* what, const std::string& at, auto&& tries) {
    if (at.empty()) return;
    told += std::string(told.empty() ? "" : ", ") + what + ": " + outcome(tries(at));
  };
  tell("open", pry.open, [](const auto& path) { return opens(path, O_RDONLY); });
  tell("write", pry.write, [](const auto& path) { return opens(path, O_WRONLY | O_CREAT); });
  tell("connect", pry.connect, connects);
  tell("signal", pry.signal, signals);
  tell("look", pry.signal, looks_into);
  tell("trace", pry.signal, traces);
  error->code = RECORTE_INVALID;
  std::snprintf(error->message, sizeof error->message, "%s", told.c_str());
  return RECORTE_INVALID;
}

const void* get_interface(const char* id) {
  static constexpr recorte_survey kSurvey{sizeof kSurvey, 0, open, close, describe, find};
  return std::strcmp(id, RECORTE_SURVEY_V1) == 0 ? &kSurvey : nullptr;
}

}  // namespace

RECORTE_EXPORT const recorte_plugin* recorte_plugin_v1(const recorte_host*, recorte_error*) {
  static constexpr recorte_plugin kPlugin{sizeof kPlugin,       RECORTE_ABI_MAJOR,
                                          RECORTE_TARGET_MINOR, recorte_manifest_text,
                                          get_interface,        nullptr};
  return &kPlugin;
}
