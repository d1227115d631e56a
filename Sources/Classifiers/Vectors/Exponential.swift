#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// `e` to the power of `x`.
func exponential(_ x: Double) -> Double { exp(x) }

/// The natural logarithm.
func logarithm(_ x: Double) -> Double { log(x) }

/// Seeds what LIBSVM draws from, the C library's `rand`.
func seedLibraryRandom(_ seed: UInt64) { srand(UInt32(truncatingIfNeeded: seed)) }
