// SPDX-License-Identifier: Apache-2.0
#include "client/exchanges.hpp"

#include <openssl/ssl.h>

#include <boost/system/errc.hpp>
#include <string>
#include <utility>

#include "client/exchange.hpp"

namespace xacthuc::inline v0_1::client {
namespace {

namespace ssl = boost::asio::ssl;

[[nodiscard]] failure wrong_argument(std::string why) {
    return {boost::system::errc::make_error_code(boost::system::errc::invalid_argument), std::move(why)};
}

// Does what takes a file, and says what it says of it.
template <class Load>
[[nodiscard]] detailed_result<void> load_file(const std::filesystem::path& file, const Load& load) {
    boost::system::error_code failed;
    load(file.string(), failed);
    if (failed) return failure{make_error_code(errc::io), file.string() + ": " + failed.message()};
    return {};
}

}  // namespace

detailed_result<std::shared_ptr<exchanges>> exchanges::open(const boost::asio::any_io_executor& by,
                                                            std::string_view url, const client_options& how) {
    auto to = service_url::parse(url);
    if (!to) return wrong_argument("not https://HOST:PORT, http://HOST:PORT or unix:PATH");
    if (!to->is_private()) return wrong_argument("without TLS a service is asked on this machine only");
    if (how.attempts == 0) return wrong_argument("a question is asked at least once");
    if (how.connections_max == 0) return wrong_argument("a client has at least one connection");
    if (how.signing && (!how.signing->sign || how.signing->agency == 0))
        return wrong_argument("who signs has a number and a key");
    std::shared_ptr<exchanges> made{new exchanges{by, *std::move(to), how}};
    if (made->to_.with_tls)
        if (const auto loaded = made->load_tls(); !loaded) return loaded.error();
    return made;
}

detailed_result<void> exchanges::load_tls() {
    auto& tls = tls_.emplace(ssl::context::tls_client);
    SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_3_VERSION);
    boost::system::error_code failed;
    tls.set_verify_mode(ssl::verify_peer, failed);
    if (as_.authorities.empty()) tls.set_default_verify_paths(failed);
    if (failed) return failure{make_error_code(errc::io), failed.message()};
    if (!as_.authorities.empty())
        if (const auto loaded =
                load_file(as_.authorities, [&](const auto& file, auto& error) { tls.load_verify_file(file, error); });
            !loaded)
            return loaded;
    if (as_.certificate.empty()) return {};
    if (const auto loaded = load_file(
            as_.certificate, [&](const auto& file, auto& error) { tls.use_certificate_chain_file(file, error); });
        !loaded)
        return loaded;
    return load_file(as_.key,
                     [&](const auto& file, auto& error) { tls.use_private_key_file(file, ssl::context::pem, error); });
}

std::shared_ptr<wire> exchanges::idle_one() {
    const auto oldest = std::chrono::steady_clock::now() - as_.idle_max;
    while (!idle_.empty()) {
        auto last = std::move(idle_.back());
        idle_.pop_back();
        if (last.since < oldest) {
            idle_.clear();
            break;
        }
        if (last.one->is_quiet()) return std::move(last.one);
    }
    return nullptr;
}

void exchanges::hand_out(std::shared_ptr<exchange> to) {
    if (busy_ == as_.connections_max) {
        waiting_.push_back(std::move(to));
        return;
    }
    ++busy_;
    if (auto idle = idle_one()) return to->go_by(std::move(idle));
    to->go_by_new(std::make_shared<wire>(on_, to_, tls_ ? &*tls_ : nullptr));
}

void exchanges::take_back(std::shared_ptr<wire> free) {
    --busy_;
    if (free != nullptr) idle_.push_back({std::move(free), std::chrono::steady_clock::now()});
    while (!waiting_.empty() && busy_ < as_.connections_max) {
        const auto next = std::move(waiting_.front());
        waiting_.pop_front();
        if (!next->is_over()) hand_out(next);
    }
}

}  // namespace xacthuc::inline v0_1::client
