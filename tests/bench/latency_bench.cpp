// SPDX-License-Identifier: BSD-3-Clause
//
// latency_bench PORT PATHS PORT2 PATH2: asks two HTTP servers on 127.0.0.1 in turn, each on one
// connection that stays: the first for the next line of the file PATHS, the second always for PATH2
// ("{}" in it becomes the size of the last body of the first). Prints JSON: seconds from the
// request's first byte out to the answer's last byte in.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace {

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "latency_bench: %s\n", why.c_str());
  std::exit(1);
}

/// One kept connection. Answers must be 200 and bear a Content-Length.
class Client {
 public:
  explicit Client(const char* port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)), port_(port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::atoi(port)));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
      give_up("nobody listens on port " + port_);
    buffer_.resize(1U << 20);
  }
  ~Client() { ::close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Bytes of the body.
  std::size_t get(const std::string& path) {
    const std::string request =
        "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port_ + "\r\n\r\n";
    if (::send(socket_, request.data(), request.size(), 0) != ssize_t(request.size()))
      give_up("the connection ended");
    head_.clear();
    std::size_t end = 0, got = 0;
    while ((end = head_.find("\r\n\r\n")) == head_.npos) head_.append(buffer_.data(), receive());
    got = head_.size() - end - 4;
    head_.resize(end + 2);
    if (!head_.starts_with("HTTP/1.1 200"))
      give_up(path + ": " + head_.substr(0, head_.find('\r')));
    const auto length = head_.find("Content-Length: ");
    if (length == head_.npos) give_up(path + ": an answer without Content-Length");
    const std::size_t size = std::strtoull(head_.c_str() + length + 16, nullptr, 10);
    while (got < size) got += receive();
    return size;
  }

 private:
  std::size_t receive() {
    const auto got = ::recv(socket_, buffer_.data(), buffer_.size(), 0);
    if (got <= 0) give_up("the connection ended");
    return std::size_t(got);
  }
  int socket_;
  std::string port_, head_;
  std::vector<char> buffer_;
};

double seconds_of(Client& client, const std::string& path) {
  const auto begin = std::chrono::steady_clock::now();
  client.get(path);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void print(const char* name, const std::vector<double>& values) {
  std::printf("\"%s\": [", name);
  for (std::size_t i = 0; i < values.size(); ++i) std::printf(i ? ", %.9f" : "%.9f", values[i]);
  std::printf("]");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) give_up("usage: latency_bench PORT PATHS PORT2 PATH2");
  Client first(argv[1]), second(argv[3]);
  std::ifstream lines(argv[2]);
  std::vector<std::string> paths;
  for (std::string line; std::getline(lines, line);) paths.push_back(line);
  if (paths.empty()) give_up(std::string("no paths in ") + argv[2]);

  std::size_t bytes = 0;
  for (const auto& path : paths) bytes = first.get(path);  // warm
  std::string other = argv[4];
  if (const auto at = other.find("{}"); at != other.npos)
    other.replace(at, 2, std::to_string(bytes));
  second.get(other);

  std::vector<double> a, b;
  for (const auto& path : paths) {
    a.push_back(seconds_of(first, path));
    b.push_back(seconds_of(second, other));
  }
  std::printf("{");
  print("first", a);
  std::printf(", ");
  print("second", b);
  std::printf(", \"bytes\": %zu}\n", bytes);
}
