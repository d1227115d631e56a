import Foundation
import Neural
import Testing

/// First weights: their distribution, and what they depend on.
@Suite struct OptimiserInitialisationTests {
    private func draw(_ initializer: Parameter.Initializer, _ shape: Shape, seed: UInt64 = 5) throws -> [Float] {
        let buffer = try ParameterBuffer([Parameter("p", shape, initializer: initializer)])
        buffer.initialize(seed: seed)
        return try buffer.tensor("p").floats
    }

    private func moments(_ values: [Float]) -> (mean: Double, deviation: Double) {
        let mean = values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
        let square = values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(values.count)
        return (mean, square.squareRoot())
    }

    /// 60,000 draws: mean and deviation lie within five standard errors.
    @Test func drawsTheDistributionsAskedFor() throws {
        #expect(try draw(.constant(2.5), [3, 4]).allSatisfy { $0 == 2.5 })
        let normal = try draw(.heNormal(fan: 50), [300, 200])
        #expect(abs(moments(normal).mean) < 0.2 * 5 / 245 && abs(moments(normal).deviation - 0.2) < 0.2 * 5 / 346)
        // 4.55% of a normal distribution lie beyond two deviations.
        #expect(abs(Double(normal.count { abs($0) > 0.4 }) / 60_000 - 0.0455) < 0.005)
        let uniform = try draw(.uniform(bound: 0.3), [300, 200])
        #expect(
            uniform.allSatisfy { abs($0) <= 0.3 } && uniform.contains { $0 > 0.299 } && uniform.contains { $0 < -0.299 }
        )
        #expect(abs(moments(uniform).deviation - 0.3 / 3.0.squareRoot()) < 0.002)
        let glorot = try draw(.glorotUniform(fanIn: 40, fanOut: 56), [300, 200])
        #expect(glorot.allSatisfy { abs($0) <= 0.25 } && glorot.contains { abs($0) > 0.249 })
    }

    /// Keras 3 draws a GRU's recurrent kernel as one `[units, 3 * units]` matrix with `kernel @ kernel.T = 1`: its
    /// transpose, ours, has orthonormal columns, and no gate's own block is orthogonal.
    @Test func orthogonalIsOverTheWholeMatrix() throws {
        let size = 37
        for (rows, columns) in [(3 * size, size), (size, 3 * size), (size, size), (9, 1), (1, 9)] {
            let values = try draw(.orthogonal, Shape([rows, columns]))
            let (count, length) = (min(rows, columns), max(rows, columns))
            func element(_ vector: Int, _ k: Int) -> Double {
                Double(rows <= columns ? values[vector * columns + k] : values[k * columns + vector])
            }
            for i in 0..<count {
                for j in 0...i {
                    let product = (0..<length).reduce(0.0) { $0 + element(i, $1) * element(j, $1) }
                    #expect(abs(product - (i == j ? 1 : 0)) < 1e-6)
                }
            }
        }
        let gates = try draw(.orthogonal, Shape([3 * size, size]))
        // Of the 3 * size numbers of a column, whose squares sum to 1, the first gate has about a third.
        let share = (0..<size).reduce(0.0) { $0 + Double(gates[$1 * size]) * Double(gates[$1 * size]) }
        #expect(share > 0.1 && share < 0.7)
        // A vector is drawn too.
        #expect(try abs(draw(.orthogonal, [9]).reduce(0) { $0 + $1 * $1 } - 1) < 1e-6)
    }

    @Test func addingALayerLeavesTheOthers() throws {
        let first = Parameter("first", [4, 5], initializer: .heNormal(fan: 20))
        let last = Parameter("last", [3], initializer: .uniform(bound: 1))
        let small = try ParameterBuffer([first, last])
        let large = try ParameterBuffer([last, Parameter("middle", [7, 2], initializer: .orthogonal), first])
        small.initialize(seed: 9)
        large.initialize(seed: 9)
        for name in ["first", "last"] { #expect(try small.tensor(name) == large.tensor(name)) }
        large.initialize(seed: 10)
        #expect(try small.tensor("first") != large.tensor("first"))
    }

    /// The first numbers of xoshiro256** from the state (1, 2, 3, 4), as its authors' C program gives them, and of
    /// SplitMix64 as a seed: 0xE220A8397B1DCDAF is its first number from 0.
    @Test func randomNumbersAreTheAuthors() throws {
        var random = try JSONDecoder().decode(SeededRandom.self, from: Data("[1,2,3,4]".utf8))
        #expect((0..<4).map { _ in random.next() } == [11520, 0, 1_509_978_240, 1_215_971_899_390_074_240])
        let state = try JSONDecoder().decode([UInt64].self, from: JSONEncoder().encode(SeededRandom(seed: 0)))
        #expect(state[0] == 0xE220_A839_7B1D_CDAF && state[1] == 0x6E78_9E6A_A1B9_65F4)
    }

    @Test func randomStateIsStoredAndTakenUp() throws {
        var random = SeededRandom(seed: 4)
        _ = random.next()
        var copy = try JSONDecoder().decode(SeededRandom.self, from: JSONEncoder().encode(random))
        #expect((0..<5).map { _ in random.next() } == (0..<5).map { _ in copy.next() })
        for state in ["[]", "[1,2,3]", "[0,0,0,0]", "\"x\""] {
            #expect(throws: DecodingError.self) { try JSONDecoder().decode(SeededRandom.self, from: Data(state.utf8)) }
        }
    }
}
