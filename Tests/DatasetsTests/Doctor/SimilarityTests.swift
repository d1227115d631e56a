import Datasets
import Foundation
import Testing

@Suite struct SimilarityTests {
    /// Against all products, one by one.
    @Test func neighboursAreTheNearest() {
        var random = SeededRandom(seed: 3)
        let vectors: [[Float]?] = (0..<57).map { index in
            index % 19 == 4 ? nil : (0..<40).map { _ in Float(random.uniform(-1..<1)) }
        }
        func product(_ a: Int, _ b: Int) -> Float {
            zip(vectors[a] ?? [], vectors[b] ?? []).map { $0 * $1 }.reduce(0, +)
        }
        var wanted: Set<[Int]> = []
        for a in vectors.indices where vectors[a] != nil {
            let others = vectors.indices.filter { $0 != a && vectors[$0] != nil && product(a, $0) >= 0.5 }
            for b in others.sorted(by: { product(a, $0) > product(a, $1) }).prefix(3) {
                wanted.insert([min(a, b), max(a, b)])
            }
        }
        let found = NeighbourSearch(vectors).pairs(over: 0.5, most: 3)
        #expect(Set(found.map { [$0.first, $0.second] }) == wanted && found.count == wanted.count)
        for pair in found { #expect(abs(pair.product - product(pair.first, pair.second)) < 1e-4) }
        #expect(NeighbourSearch([]).pairs(over: 0, most: 3).isEmpty)
        #expect(NeighbourSearch([nil, nil]).pairs(over: -1, most: 3).isEmpty)
    }

    private static func signature(_ seed: UInt64, count: Int = 20, symmetry: ClipMatch.Symmetry = .same)
        -> ClipSignature
    {
        var random = SeededRandom(seed: seed)
        let cells = ClipSignature.cells
        var levels = [UInt8](repeating: 0, count: count * cells)
        let scene = (0..<cells).map { _ in random.uniform(40..<200) }
        for picture in 0..<count {
            for cell in 0..<cells {
                levels[picture * cells + symmetry.place(cell)] = UInt8(scene[cell] + random.uniform(-30..<30))
            }
        }
        return ClipSignature(step: 0.125, levels: Data(levels))
    }

    /// Mirrored, flipped or turned, a clip is found, and it is said which.
    @Test(arguments: ClipMatch.Symmetry.allCases) func symmetriesAreFound(_ symmetry: ClipMatch.Symmetry) throws {
        let signatures = [Self.signature(1), Self.signature(2), Self.signature(1, symmetry: symmetry)]
        let close = CloseClips(SignatureSimilarity(signatures))
        let best = try #require(close.duplicates.first)
        #expect((best.first, best.second, best.symmetry) == (0, 2, symmetry))
        #expect(best.similarity > 0.999 && best.scene > 0.999)
        #expect(close.duplicates.count == 1)
    }

    private struct Case: Decodable {
        var first: ClipSignature
        var second: ClipSignature
        var symmetry: String
        var scene: Double
        var motion: [Double]
        var correlation: Double
        var shift: Int
    }

    /// Values by NumPy: Fixtures/similarity/make.py.
    @Test func figuresAreThoseOfTheirDefinition() throws {
        let cases = try JSONDecoder().decode([Case].self, from: fixture("similarity/cases.json"))
        #expect(cases.count == 12)
        for value in cases {
            let symmetry = try #require(ClipMatch.Symmetry.allCases.first { "\($0)" == value.symmetry })
            let (one, other) = (SignatureSummary(value.first), SignatureSummary(value.second))
            // Sums of up to 64 * 64 products in single precision.
            #expect(abs(one.sceneCosine(other, symmetry) - value.scene) < 1e-5)
            #expect(abs(one.motion - value.motion[0]) < 1e-4 && abs(other.motion - value.motion[1]) < 1e-4)
            let motion = MotionCorrelation(value.first, value.second, symmetry)
            #expect(abs(motion.best - value.correlation) < 1e-4)
            #expect(motion.shift == value.shift)
        }
    }

    @Test func aStretchInTheMiddleIsFound() {
        let whole = Self.signature(1, count: 40)
        let part = ClipSignature(step: 0.125, levels: whole.levels.dropFirst(9 * 64).prefix(20 * 64))
        let found = MotionCorrelation(part, whole, .same)
        #expect(found.best > 0.999 && found.shift == 9)
        #expect(MotionCorrelation(whole, part, .same).shift == -9)
        #expect(MotionCorrelation(Self.signature(1), Self.signature(2), .same).best < 0.5)
        let still = ClipSignature(step: 0.25, levels: Data(repeating: 90, count: 64 * 3))
        #expect(MotionCorrelation(still, whole, .same).best == -1)
    }

    /// A long clip keeps its step a power of two, and its pictures those shown at its multiples.
    @Test func signaturesAreSampledByTime() {
        var builder = ClipSignature.Builder()
        for frame in 0..<600 {
            builder.add([UInt8](repeating: UInt8(frame / 3), count: 256), side: 16, seconds: Double(frame) / 30)
        }
        let signature = builder.signature
        #expect(signature.step == 0.5 && signature.count == 40 && signature.isSound)
        for sample in 0..<40 { #expect(signature.levels[sample * 64] == UInt8(sample * 15 / 3)) }
        #expect(signature.levels(at: 1).count == 20 * 64)
        // A frame that is shown for long is what is shown meanwhile.
        var slow = ClipSignature.Builder()
        for (time, level) in [(0.0, 10), (1.0, 20), (1.25, 30)] {
            slow.add([UInt8](repeating: UInt8(level), count: 64), side: 8, seconds: time)
        }
        #expect((0..<11).map { slow.signature.levels[$0 * 64] } == [10, 10, 10, 10, 10, 10, 10, 10, 20, 20, 30])
        var jump = ClipSignature.Builder()
        for time in [0, 1e12, .infinity, .nan] { jump.add([UInt8](repeating: 1, count: 64), side: 8, seconds: time) }
        #expect(jump.signature.isSound)
    }

    @Test func familiesAreJoined() {
        var families = Families(count: 7)
        families.join(0, 1)
        families.join(3, 4)
        families.join(4, 1)
        families.join(5, 6)
        families.join(5, 0, most: 5)
        #expect(families.families() == [[0, 1, 3, 4], [5, 6]])
        #expect(families.size(3) == 4 && families.size(2) == 1)
    }
}
