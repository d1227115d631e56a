import Foundation

/// Whether the processor has the vectors of 512 bits that some kernels and layouts of oneDNN, and some of ours, are there for.
/// Without them other ways are taken, which the tests of those do not fit.
let hasWideVectors: Bool = {
    let features = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    return features.contains("avx512bw") && features.contains("avx512vl")
}()
