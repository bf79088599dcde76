// SPDX-License-Identifier: Apache-2.0
// What kernels that add the multiple of p with each subtraction say to those that raise (kernel/point.hpp): nothing has
// to be raised before. Included inside the namespace of the kernel, after its field.hpp.

inline wide subtract_from_raised(const wide& a, const wide& b) {
    return subtract(a, b);
}
inline wide subtract_sum_from_raised(const wide& a, const wide& b) {
    return subtract_sum(a, b);
}
inline wide raise(const wide& a) {
    return a;
}
inline wide multiply_raised(const fe& a, const fe& b) {
    return multiply(a, b);
}
inline wide square_raised(const fe& a) {
    return square(a);
}
inline wide square_raised_twice(const fe& a) {
    return square(a);
}
