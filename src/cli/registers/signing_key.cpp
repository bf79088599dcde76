// SPDX-License-Identifier: Apache-2.0
#include "cli/registers/signing_key.hpp"

#include "cli/exit_code.hpp"

namespace xacthuc::cli {

signing_key signing_key::load(const std::string& secret_file) {
    return signing_key{take(xacthuc::signing_key::load(secret_file))};
}

void signing_key::save_secret(const std::string& path) const {
    take(of_.save(path));
}

void signing_key::save_public(const std::string& path) const {
    take(of_.save_public(path));
}

}  // namespace xacthuc::cli
