import ArgumentParser
import Datasets
import Foundation
import Retrieval

/// How fast vectors are found, on one processor: exactly, beside what reading them takes; and by a graph, at which share of
/// the true neighbours.
struct VectorBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vector-benchmarks",
        discussion: """
            The vectors are made up: points of a space of --inner dimensions, set into one of --dimensions, with noise, of length 1; \
            as those of a network are, which fill their space no better. Queries are others of the same kind.

            Example:
              .build/release/vector-benchmarks --vectors 1000000
            """)

    @Option(help: "How many vectors.")
    var vectors = 1_000_000

    @Option(help: "Numbers of a vector.")
    var dimensions = 256

    @Option(help: "Dimensions that the vectors really have.")
    var inner = 24

    @Option(help: "How many queries.")
    var queries = 1000

    @Option(help: "Links of each vector in the graph.")
    var links = 32

    @Flag(help: "One line of JSON for each measurement.")
    var json = false

    private struct Line: Encodable {
        var mode: String
        var vectors: Int
        var dimensions: Int
        var effort: Int?
        var recall: Double?
        var medianMilliseconds: Double
        var p99Milliseconds: Double
        /// Of a flat search: bytes of the vectors a second, and as a share of what summing them up takes.
        var gigabytesPerSecond: Double?
        var shareOfBandwidth: Double?
        var buildSeconds: Double?
    }

    func run() throws {
        FAISSIndex.setThreads(1)
        let flat = try FAISSIndex(.flat, dimensions: dimensions)
        let source = MadeUpVectors(dimensions: dimensions, inner: inner)
        for start in stride(from: 0, to: vectors, by: 10_000) {
            let part = start..<min(start + 10_000, vectors)
            try flat.add(source.vectors(part), numbers: part.map(Int64.init))
        }
        let asked = source.vectors(vectors..<vectors + queries)
        func query(_ number: Int) -> [Float] { Array(asked[number * dimensions..<(number + 1) * dimensions]) }
        // One at a time, as requests come; of the exact ones fewer, which take as long.
        let exactly = min(queries, 50)
        var exact: [Set<Int64>] = []
        let flatTimes = try (0..<exactly).map { number in
            try Self.milliseconds { exact.append(Set(try flat.search(query(number), k: 10)[0].map(\.number))) }
        }
        let bytes = Double(vectors * dimensions * MemoryLayout<Float>.stride)
        let reading = Self.bandwidth(bytes: Int(bytes))
        let pace = bytes / (flatTimes.sorted()[exactly / 2] / 1000)
        say(
            Line(
                mode: "flat", vectors: vectors, dimensions: dimensions, recall: 1,
                medianMilliseconds: flatTimes.sorted()[exactly / 2], p99Milliseconds: Self.p99(flatTimes),
                gigabytesPerSecond: pace / 1e9, shareOfBandwidth: pace / reading))
        for number in exactly..<queries { exact.append(Set(try flat.search(query(number), k: 10)[0].map(\.number))) }

        // The graph is made with all processors.
        FAISSIndex.setThreads(ProcessInfo.processInfo.activeProcessorCount)
        let graph = try FAISSIndex(.graph(links: links), dimensions: dimensions)
        let build = try Self.milliseconds {
            for start in stride(from: 0, to: vectors, by: 50_000) {
                let part = start..<min(start + 50_000, vectors)
                try graph.add(source.vectors(part), numbers: part.map(Int64.init))
            }
        }
        FAISSIndex.setThreads(1)
        for effort in [16, 32, 64, 96, 128, 256] {
            graph.effort = effort
            var hits = 0
            let times = try (0..<queries).map { number in
                try Self.milliseconds {
                    hits += exact[number].intersection(try graph.search(query(number), k: 10)[0].map(\.number)).count
                }
            }
            say(
                Line(
                    mode: "graph", vectors: vectors, dimensions: dimensions, effort: effort,
                    recall: Double(hits) / Double(10 * queries), medianMilliseconds: times.sorted()[queries / 2],
                    p99Milliseconds: Self.p99(times), buildSeconds: build / 1000))
        }
    }

    private func say(_ line: Line) {
        defer { fflush(nil) }
        if json {
            guard let data = try? JSONEncoder().encode(line) else { return }
            print(String(decoding: data, as: UTF8.self))
            return
        }
        var text = "\(line.mode), \(line.vectors) x \(line.dimensions): "
        if let effort = line.effort, let recall = line.recall {
            text += "effort \(effort), recall@10 \(String(format: "%.3f", recall)), "
        }
        text += String(format: "%.2f ms median, %.2f ms p99", line.medianMilliseconds, line.p99Milliseconds)
        if let pace = line.gigabytesPerSecond, let share = line.shareOfBandwidth {
            text += String(format: ", %.1f GB/s, %.2f of what reading takes", pace, share)
        }
        print(text)
    }

    private static func milliseconds(_ body: () throws -> Void) rethrows -> Double {
        let start = ContinuousClock.now
        try body()
        return (ContinuousClock.now - start) / .milliseconds(1)
    }

    private static func p99(_ times: [Double]) -> Double {
        times.sorted()[min(times.count - 1, times.count * 99 / 100)]
    }

    /// Bytes a second at which one thread reads memory: the best of five sums of as many bytes.
    private static func bandwidth(bytes: Int) -> Double {
        let values = [SIMD16<Float>](repeating: SIMD16(repeating: 1), count: bytes / 64)
        var best = Double.infinity
        var total: Float = 0
        for _ in 0..<5 {
            let time = milliseconds {
                var sums = [SIMD16<Float>](repeating: .zero, count: 8)
                unsafe values.withUnsafeBufferPointer { values in
                    for place in stride(from: 0, to: values.count - 7, by: 8) {
                        for lane in 0..<8 { unsafe sums[lane] += values[place + lane] }
                    }
                }
                total += sums.reduce(0) { $0 + $1.sum() }
            }
            best = min(best, time)
        }
        return total > 0 ? Double(bytes) / (best / 1000) : 0
    }
}

/// Vectors of length 1 that lie near a plane of fewer dimensions: each by its number alone.
struct MadeUpVectors {
    private let dimensions: Int
    private let inner: Int
    /// `[inner, dimension]`
    private let plane: [Float]

    init(dimensions: Int, inner: Int) {
        (self.dimensions, self.inner) = (dimensions, inner)
        var random = SeededRandom(seed: 1)
        plane = (0..<inner * dimensions).map { _ in Self.normal(&random) }
    }

    private static func normal(_ random: inout SeededRandom) -> Float {
        // The sum of four uniform numbers is near enough.
        Float((0..<4).reduce(0.0) { sum, _ in sum + random.uniform(-1..<1) }) * 0.866
    }

    func vectors(_ numbers: Range<Int>) -> [Float] {
        var result: [Float] = []
        result.reserveCapacity(numbers.count * dimensions)
        for number in numbers {
            var random = SeededRandom(seed: 2, UInt64(number))
            var vector = (0..<dimensions).map { _ in 0.3 * Self.normal(&random) }
            for axis in 0..<inner {
                let weight = Self.normal(&random)
                for place in 0..<dimensions { vector[place] += weight * plane[axis * dimensions + place] }
            }
            let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
            result += vector.map { $0 / length }
        }
        return result
    }
}

VectorBenchmark.main()
