// SPDX-License-Identifier: Apache-2.0
#include "service/settings.hpp"

#include <sys/un.h>

#include <array>
#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <fstream>
#include <functional>
#include <iterator>
#include <limits>
#include <sstream>

#include "policy/toml_values.hpp"

namespace xacthuc::inline v0_1::service {
namespace {

using std::chrono::milliseconds;

class settings_reader {
  public:
    settings_reader(const std::filesystem::path& file, policy_faults& faults)
        : folder_{file.parent_path()}, faults_{faults}, values_{file.string(), faults} {}

    [[nodiscard]] settings read(const toml::table& of) {
        settings made;
        bool has_register = false;
        values_.each_key("the configuration", of, [&](std::string_view key, const toml::node& value, std::uint32_t) {
            if (key == "threads") {
                if (const auto found = values_.number(key, value, 1, 1024)) made.threads = *found;
            } else if (key == "register") {
                has_register = true;
                read_register(value, made);
            } else if (key == "policy") {
                read_policy(value, made);
            } else if (key == "guards") {
                put_folder("guards", value, made.guards);
            } else if (key == "ledger") {
                read_ledger(value, made);
            } else if (key == "tls") {
                read_tls(value, made);
            } else if (key == "signatures") {
                read_signatures(value, made.signatures);
            } else if (key == "listen") {
                read_listeners(value, made);
            } else if (key == "desk") {
                read_desk(value, made);
            } else if (key == "limits") {
                read_limits(value, made.most);
            } else {
                return false;
            }
            return true;
        });
        if (!has_register) values_.fault(1, "there is no [register]");
        if (made.listeners.empty() && faults_.empty()) values_.fault(1, "there is no [[listen]]");
        for (const auto& each : made.listeners) {
            if (each.with_tls && !made.tls) values_.fault(1, each.address + " is to speak TLS, and there is no [tls]");
            if (each.is_signed && made.signatures.agencies.empty())
                values_.fault(1, each.address + " is to be asked by signatures, and there is no [signatures]");
        }
        return made;
    }

  private:
    using take_key = std::function<bool(std::string_view, const toml::node&)>;

    void each_of(std::string_view name, const toml::node& value, const take_key& take) {
        const auto* const table = values_.table(name, value);
        if (table == nullptr) return;
        values_.each_key(
            '[' + std::string{name} + ']', *table,
            [&](std::string_view key, const toml::node& found, std::uint32_t) { return take(key, found); });
    }
    void put_path(std::string_view key, const toml::node& value, std::filesystem::path& into) {
        if (const auto text = values_.text(key, value)) into = folder_ / *text;
    }
    void put_time(std::string_view key, const toml::node& value, milliseconds& into) {
        if (const auto number = values_.number(key, value, 1, 86'400'000)) into = milliseconds{*number};
    }
    void put_size(std::string_view key, const toml::node& value, std::uint32_t least, std::size_t& into) {
        if (const auto number = values_.number(key, value, least, std::numeric_limits<std::int32_t>::max()))
            into = *number;
    }
    void require(std::string_view table, std::string_view key, const toml::node& at, bool is_there) {
        if (!is_there)
            values_.fault(toml_values::line_of(at), '[' + std::string{table} + "] has no " + std::string{key});
    }

    void read_register(const toml::node& value, settings& into) {
        each_of("register", value, [&](std::string_view key, const toml::node& found) {
            if (key == "path") {
                put_path(key, found, into.register_path);
            } else if (key == "digest_key") {
                put_path(key, found, into.digest_key);
            } else if (key == "authority") {
                put_path(key, found, into.authority);
            } else if (key == "mark") {
                put_path(key, found, into.mark);
            } else {
                return false;
            }
            return true;
        });
        require("register", "path", value, !into.register_path.empty());
    }

    void read_policy(const toml::node& value, settings& into) {
        each_of("policy", value, [&](std::string_view key, const toml::node& found) {
            if (key == "path") {
                put_path(key, found, into.policy);
            } else if (key == "root") {
                into.policy_root = values_.text(key, found).value_or("");
            } else {
                return false;
            }
            return true;
        });
        require("policy", "path", value, !into.policy.empty());
    }

    void read_desk(const toml::node& value, settings& into) {
        each_of("desk", value, [&](std::string_view key, const toml::node& found) {
            if (key != "enabled") return false;
            into.has_desk = values_.yes_or_no(key, found).value_or(true);
            return true;
        });
    }

    void put_folder(std::string_view name, const toml::node& value, std::filesystem::path& into) {
        each_of(name, value, [&](std::string_view key, const toml::node& found) {
            if (key != "folder") return false;
            put_path(key, found, into);
            return true;
        });
        require(name, "folder", value, !into.empty());
    }

    void read_ledger(const toml::node& value, settings& into) {
        each_of("ledger", value, [&](std::string_view key, const toml::node& found) {
            if (key == "folder") {
                put_path(key, found, into.ledger);
            } else if (key == "origin") {
                into.ledger_origin = values_.text(key, found).value_or("");
            } else if (key == "histories") {
                put_path(key, found, into.ledger_histories);
            } else {
                return false;
            }
            return true;
        });
        require("ledger", "folder", value, !into.ledger.empty());
    }

    void read_tls(const toml::node& value, settings& into) {
        auto& made = into.tls.emplace();
        each_of("tls", value, [&](std::string_view key, const toml::node& found) {
            if (key == "certificate") {
                put_path(key, found, made.certificate);
            } else if (key == "key") {
                put_path(key, found, made.key);
            } else if (key == "client_authorities") {
                put_path(key, found, made.client_authorities);
            } else if (key == "revoked") {
                put_path(key, found, made.revoked);
            } else {
                return false;
            }
            return true;
        });
        require("tls", "certificate", value, !made.certificate.empty());
        require("tls", "key", value, !made.key.empty());
        require("tls", "client_authorities", value, !made.client_authorities.empty());
    }

    void read_signatures(const toml::node& value, signature_settings& into) {
        each_of("signatures", value, [&](std::string_view key, const toml::node& found) {
            if (key == "agencies") {
                put_path(key, found, into.agencies);
            } else if (key == "revoked") {
                read_revoked(found, into.revoked);
            } else if (key == "key") {
                put_path(key, found, into.key);
            } else if (key == "required") {
                into.required = values_.yes_or_no(key, found).value_or(false);
            } else if (key == "max_ahead_ms") {
                if (const auto number = values_.number(key, found, 0, 30'000)) into.max_ahead = milliseconds{*number};
            } else {
                return false;
            }
            return true;
        });
        // Citizens' proofs have clocks too.
        const auto* const table = value.as_table();
        const bool is_of_clocks = table != nullptr && table->size() == 1 && table->contains("max_ahead_ms");
        require("signatures", "agencies", value, is_of_clocks || !into.agencies.empty());
    }
    void read_revoked(const toml::node& value, std::vector<std::uint16_t>& into) {
        const auto* const list = value.as_array();
        if (list == nullptr)
            return values_.fault(toml_values::line_of(value), "revoked is a list of agencies' numbers");
        for (const auto& each : *list)
            if (const auto number = values_.number("an agency that is revoked", each, 1, 65'535))
                into.push_back(static_cast<std::uint16_t>(*number));
    }

    void read_listeners(const toml::node& value, settings& into) {
        const auto* const list = value.as_array();
        if (list == nullptr) return values_.fault(toml_values::line_of(value), "listen is written [[listen]]");
        for (const auto& each : *list) {
            listener_settings made;
            each_of("listen", each, [&](std::string_view key, const toml::node& found) {
                if (key == "address") {
                    made.address = values_.text(key, found).value_or("");
                } else if (key == "tls") {
                    made.with_tls = values_.yes_or_no(key, found).value_or(false);
                } else if (key == "agency") {
                    if (const auto number = values_.number(key, found, 1, 65'535))
                        made.agency = static_cast<std::uint16_t>(*number);
                } else if (key == "signed") {
                    made.is_signed = values_.yes_or_no(key, found).value_or(false);
                } else if (key == "hosts") {
                    read_hosts(found, made.hosts);
                } else {
                    return false;
                }
                return true;
            });
            if (check_listener(each, made)) into.listeners.push_back(std::move(made));
        }
    }

    void read_hosts(const toml::node& value, std::vector<std::string>& into) {
        const auto* const list = value.as_array();
        if (list == nullptr) return values_.fault(toml_values::line_of(value), "hosts is a list of names");
        for (const auto& each : *list)
            if (const auto name = values_.text("a host", each)) into.push_back(*name);
    }

    [[nodiscard]] bool check_listener(const toml::node& at, listener_settings& of) {
        const auto fault = [&](std::string what) {
            values_.fault(toml_values::line_of(at), std::move(what));
            return false;
        };
        if (of.address.empty()) return fault("[[listen]] has no address");
        if (of.with_tls && of.agency)
            return fault("an agency is named by its certificate where there is TLS: " + of.address);
        if (of.address.starts_with("unix:")) {
            of.socket = folder_ / of.address.substr(5);
            if (of.with_tls) return fault("a Unix socket needs no TLS: " + of.address);
            if (!of.hosts.empty()) return fault("a Unix socket is called by any name: " + of.address);
            return of.socket.native().size() < sizeof(sockaddr_un::sun_path) ||
                   fault("the path is too long: " + of.address);
        }
        const auto colon = of.address.rfind(':');
        const auto port = colon == std::string::npos ? std::string{} : of.address.substr(colon + 1);
        const auto [end, failed] = std::from_chars(port.data(), port.data() + port.size(), of.port);
        of.host = of.address.substr(0, colon);
        if (of.host.starts_with('[') && of.host.ends_with(']')) of.host = of.host.substr(1, of.host.size() - 2);
        boost::system::error_code error;
        const auto ip = boost::asio::ip::make_address(of.host, error);
        if (error || port.empty() || failed != std::errc{} || end != port.data() + port.size())
            return fault("an address is 127.0.0.1:8080, [::1]:8080 or unix:PATH, not " + of.address);
        if (of.with_tls)
            return of.hosts.empty() || fault("TLS is called by the names of its certificate: " + of.address);
        for (const auto* own : {"localhost", "127.0.0.1", "[::1]"}) of.hosts.emplace_back(own);
        of.hosts.push_back(of.address.substr(0, colon));
        return ip.is_loopback() || fault("without TLS only the loopback is listened on: " + of.address);
    }

    void read_limits(const toml::node& value, limits& into) {
        struct size_key {
            std::string_view name;
            std::size_t* into;
            std::uint32_t least;
        };
        struct time_key {
            std::string_view name;
            milliseconds* into;
        };
        const std::array sizes{
            size_key{"head_bytes", &into.head_bytes, 512}, size_key{"body_bytes", &into.body_bytes, 1024},
            size_key{"line_bytes", &into.line_bytes, 256}, size_key{"requests_per_tick", &into.requests_per_tick, 1},
            size_key{"connections", &into.connections, 1}, size_key{"memory_bytes", &into.memory_bytes, 65'536}};
        const std::array times{time_key{"first_byte_ms", &into.first_byte},
                               time_key{"request_ms", &into.request},
                               time_key{"idle_ms", &into.idle},
                               time_key{"answer_ms", &into.answer},
                               time_key{"drain_notice_ms", &into.drain_notice},
                               time_key{"drain_ms", &into.drain},
                               time_key{"stale_ms", &into.stale}};
        each_of("limits", value, [&](std::string_view key, const toml::node& found) {
            for (const auto& each : sizes)
                if (each.name == key) return put_size(key, found, each.least, *each.into), true;
            if (key == "tick_batches") return into.tick_batches = values_.yes_or_no(key, found).value_or(true), true;
            for (const auto& each : times)
                if (each.name == key) return put_time(key, found, *each.into), true;
            return false;
        });
    }

    std::filesystem::path folder_;
    policy_faults& faults_;
    toml_values values_;
};

}  // namespace

policy_result<settings> parse_settings(std::string_view text, const std::filesystem::path& file) {
    const auto document = parse_toml(text, file.string());
    if (!document) return document.error();
    policy_faults faults;
    settings_reader reader{file, faults};
    auto made = reader.read(*document);
    if (!faults.empty()) return faults;
    return made;
}

policy_result<settings> read_settings(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    std::ostringstream text;
    if (!(text << in.rdbuf())) return policy_faults{{{file.string(), 0}, "cannot be read"}};
    return parse_settings(text.str(), file);
}

}  // namespace xacthuc::inline v0_1::service
