// SPDX-License-Identifier: Apache-2.0
module xacthuc/go_host

go 1.24
