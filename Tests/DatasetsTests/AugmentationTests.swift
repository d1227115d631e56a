import Datasets
import Foundation
import Media
import Testing

@Suite("Augmentation")
struct AugmentationTests {
    /// Draws of one clip over many epochs.
    func draws(_ augmentation: Augmentation, frames: Int = 3, epochs: Int = 40) throws -> (
        center: [UInt8], drawn: [[UInt8]]
    ) {
        let folder = try DatasetFolder()
        try folder.video("a/1.mp4", tone: 60, frames: 18, width: 40, height: 32)
        let loader = ClipLoader(
            manifest: try Manifest(path: folder.path),
            specification: .init(frames: frames, height: 30, width: 38, fit: .stretch, margin: 1.1),
            augmentation: augmentation, seed: 3)
        let center = try loader.clip(0, mode: .evaluation)
        return (center, try (0..<epochs).map { try loader.clip(0, mode: .training, epoch: $0) })
    }

    static let frame = 30 * 38 * 3

    @Test func noneChangesNothing() throws {
        let (center, drawn) = try draws(.none, epochs: 3)
        #expect(drawn.allSatisfy { $0 == center })
    }

    @Test func flipsAboutHalfAndWholly() throws {
        let (center, drawn) = try draws(.init(flipProbability: 0.5))
        var mirrored: [UInt8] = []
        for pixel in 0..<center.count / 3 {
            let source = (pixel / 38 * 38 + 37 - pixel % 38) * 3
            mirrored += center[source..<source + 3]
        }
        #expect(drawn.allSatisfy { $0 == center || $0 == mirrored })
        // 40 fair draws: fewer than 8 of a side has a probability below 1e-4.
        #expect((8...32).contains(drawn.count { $0 == mirrored }))
    }

    @Test func levelsMoveWithinTheirBounds() throws {
        let (center, drawn) = try draws(.init(brightness: 0.1, contrast: 0.2))
        var seen: Set<Int> = []
        for clip in drawn {
            // One mapping of levels for all frames of the clip.
            var map = [Int](repeating: -1, count: 256)
            for (before, after) in zip(center, clip) {
                #expect(map[Int(before)] == -1 || map[Int(before)] == Int(after))
                map[Int(before)] = Int(after)
                let reach = 25.5 + 0.2 * abs(Double(before) - 127.5) + 1
                #expect(abs(Double(after) - Double(before)) <= reach)
            }
            seen.insert(map[Int(center[0])])
        }
        #expect(seen.count > 10)
    }

    @Test func cropsAreOneForTheClip() throws {
        let (center, drawn) = try draws(.init(randomCrop: true), frames: 2)
        #expect(Set(drawn).count > 4)
        #expect(drawn.contains(center))
        // The white edge is at the same column in both frames.
        for clip in drawn {
            func edge(_ frame: Int) -> Int? { (0..<38).first { clip[frame * Self.frame + 15 * 38 * 3 + $0 * 3] > 200 } }
            #expect(edge(0) == edge(1))
        }
    }

    @Test func jitterMovesFramesTogetherWithinTheirParts() throws {
        let (_, drawn) = try draws(.init(temporalJitter: 1))
        var phases: Set<Int> = []
        for clip in drawn {
            let tones = (0..<3).map { Int((Double(clip[$0 * Self.frame + 3 * 38]) - 60) / 4 + 0.5) }
            // 18 frames in 3 parts of 6, of which 9 are kept: the phases are 1, 3, 5, the same in each part.
            for part in 0..<3 { #expect(abs(tones[part] - part * 6 - tones[0]) <= 1) }
            phases.insert(tones[0])
        }
        #expect(phases.count >= 3)
    }
}
