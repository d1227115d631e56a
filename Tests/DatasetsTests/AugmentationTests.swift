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
        return (center, try (0..<epochs).map { try loader.clip(0, mode: .training, view: $0) })
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

    // MARK: What changes pixels

    /// An augmentation with one thing set.
    private func with(_ change: (inout Augmentation) -> Void) -> Augmentation {
        var augmentation = Augmentation.none
        change(&augmentation)
        return augmentation
    }

    /// A picture whose grey rises evenly across and down: cut out and enlarged, it does so more slowly, between the same
    /// bounds.
    @Test func enlargedCropsAreStraight() throws {
        let folder = try DatasetFolder()
        let file = try folder.write("a/1.mp4")
        let encoder = try VideoEncoder(path: file, width: 64, height: 64, options: .init(quality: 1, threads: 1))
        for frame in 0..<4 {
            let bytes = (0..<64 * 64 * 3).map { (index: Int) -> UInt8 in
                let pixel = index / 3
                return UInt8(20 + pixel % 64 * 2 + pixel / 64)
            }
            try encoder.append(bytes, at: MediaTime(value: Int64(frame), timescale: 10))
        }
        try encoder.finish()
        let loader = ClipLoader(
            manifest: try Manifest(path: folder.path),
            specification: .init(frames: 1, height: 64, width: 64, fit: .stretch, margin: 1),
            augmentation: with { $0.smallestArea = 0.2 }, seed: 5)
        var slopes: Set<Int> = []
        for view in 0..<12 {
            let clip = try loader.clip(0, mode: .training, view: view)
            func level(_ row: Int, _ column: Int) -> Double { Double(clip[(row * 64 + column) * 3 + 1]) }
            let across = (level(32, 58) - level(32, 5)) / 53
            let down = (level(58, 32) - level(5, 32)) / 53
            // The crop's area, as the slopes have it: its width by its height.
            let (width, height) = (across / 2, down)
            #expect((0.15...1.05).contains(width * height) && (0.65...1.55).contains(width / height))
            // Levels are whole, and the encoder is off by one or two.
            for column in stride(from: 5, to: 59, by: 6) {
                #expect(abs(level(32, column) - level(32, 5) - across * Double(column - 5)) < 3.5)
            }
            slopes.insert(Int(across * 20))
        }
        #expect(slopes.count > 4)
    }

    @Test func greyHasNoColour() throws {
        let folder = try DatasetFolder()
        let file = try folder.write("a/1.mp4")
        let encoder = try VideoEncoder(path: file, width: 32, height: 32, options: .init(quality: 1, threads: 1))
        for frame in 0..<4 {
            let bytes = [[UInt8]](repeating: [200, 80, 40], count: 32 * 32).flatMap(\.self)
            try encoder.append(bytes, at: MediaTime(value: Int64(frame), timescale: 10))
        }
        try encoder.finish()
        let loader = ClipLoader(
            manifest: try Manifest(path: folder.path),
            specification: .init(frames: 2, height: 32, width: 32, fit: .stretch, margin: 1),
            augmentation: with { $0.greyProbability = 0.5 }, seed: 5)
        let clips = try (0..<40).map { try loader.clip(0, mode: .training, view: $0) }
        let grey = clips.filter { clip in clip[0] == clip[1] && clip[1] == clip[2] }
        #expect((8...32).contains(grey.count))
        // 0.299 * 200 + 0.587 * 80 + 0.114 * 40 = 111.3, and the encoder is off by one or two.
        #expect(grey.allSatisfy { $0.allSatisfy { abs(Int($0) - 111) <= 3 } })
        #expect(clips.allSatisfy { clip in abs(Int(clip[0]) - 200) <= 3 || grey.contains(clip) })
    }

    @Test func noiseHasItsDeviationAndNoOther() throws {
        let (center, drawn) = try draws(with { $0.noise = 0.05 }, epochs: 30)
        var deviations: [Double] = []
        for clip in drawn {
            let inner = zip(center, clip).filter { $0.0 > 50 && $0.0 < 205 }
            let errors: [Double] = inner.map { Double($0.1) - Double($0.0) }
            let mean = errors.reduce(0, +) / Double(errors.count)
            let squares: [Double] = errors.map { ($0 - mean) * ($0 - mean) }
            deviations.append((squares.reduce(0, +) / Double(errors.count)).squareRoot())
            #expect(abs(mean) < 0.6)
        }
        // Uniform from none to a twentieth of 255.
        #expect(deviations.allSatisfy { $0 < 13.6 } && deviations.contains { $0 > 8 } && deviations.contains { $0 < 4 })
        // Each frame has noise of its own.
        let noisy = drawn[deviations.firstIndex { $0 > 8 } ?? 0]
        func errors(_ frame: Int) -> [Int] {
            let start = frame * Self.frame
            return (start..<start + 300).map { Int(noisy[$0]) - Int(center[$0]) }
        }
        #expect(errors(0) != errors(1))
    }

    /// All rows of the picture are alike: blurred, a row is its convolution with a Gaussian of some deviation, here worked
    /// out with floats, edges repeated.
    @Test func blurIsAGaussian() throws {
        let (center, drawn) = try draws(with { $0.blur = 0.1 }, epochs: 30)
        let blurred = drawn.filter { $0 != center }
        #expect((5...25).contains(blurred.count))
        func row(_ clip: [UInt8]) -> [Double] { (0..<38).map { Double(clip[(15 * 38 + $0) * 3]) } }
        let sharp = row(center)
        func convolved(_ deviation: Double) -> [Double] {
            (0..<38).map { place in
                var (sum, total) = (0.0, 0.0)
                for step in -12...12 where abs(Double(step)) < 2 * deviation + 1 {
                    let weight = exp(-Double(step * step) / (2 * deviation * deviation))
                    sum += weight * sharp[min(max(place + step, 0), 37)]
                    total += weight
                }
                return sum / total
            }
        }
        let candidates = stride(from: 0.2, through: 3, by: 0.05).map(convolved)
        for clip in blurred {
            let found = row(clip)
            let errors = candidates.map { candidate in zip(found, candidate).map { abs($0 - $1) }.max() ?? 0 }
            // Rows differ by the encoder's rounding, and the step is about 150 levels.
            #expect((errors.min() ?? 255) < 4, "\(found)")
        }
    }

    @Test func cutoutHidesAsMuchAsItSays() throws {
        let (center, drawn) = try draws(with { $0.cutout = 0.3 }, epochs: 60)
        let shares: [Double] = drawn.map { clip in
            let hidden = zip(center, clip).count { $0.0 != $0.1 && $0.1 == 128 }
            return Double(hidden) / Double(center.count)
        }
        #expect(shares.allSatisfy { $0 <= 0.31 } && shares.contains { $0 > 0.2 })
        #expect((15...45).contains(shares.count { $0 == 0 }))
        for (clip, share) in zip(drawn, shares) where share > 0 {
            // The same rectangle in every frame.
            let hidden = (0..<3).map { frame in
                (0..<Self.frame).filter { clip[frame * Self.frame + $0] == 128 }.count
            }
            #expect(Set(hidden).count == 1)
        }
    }

    @Test func shorterTimeIsAPartOfTheWhole() throws {
        let (_, drawn) = try draws(with { $0.shortestTime = 0.3 }, frames: 6)
        var spans: [Double] = []
        for clip in drawn {
            let tones = (0..<6).map { (Double(clip[$0 * Self.frame + 3 * 38]) - 60) / 4 }
            #expect(zip(tones, tones.dropFirst()).allSatisfy { $0 <= $1 + 0.3 })
            #expect(tones[0] > -0.6 && tones[5] < 17.6)
            spans.append(tones[5] - tones[0])
        }
        // Five steps of a sixth of 30 to 100 % of 18 frames.
        #expect(
            spans.allSatisfy { (3.4...15.6).contains($0) } && spans.contains { $0 < 8 } && spans.contains { $0 > 12 })
    }

    @Test func strengthIsInOrder() {
        #expect(Augmentation.strength(0) == .none && Augmentation.strength(-1) == .none)
        let strengths = [1.0, 4, 7, 10].map(Augmentation.strength)
        for (less, more) in zip(strengths, strengths.dropFirst()) {
            #expect(
                less.smallestArea > more.smallestArea && less.brightness < more.brightness && less.noise < more.noise)
            #expect(less.cutout < more.cutout && less.shortestTime > more.shortestTime && less.blur < more.blur)
        }
        #expect(strengths.allSatisfy { $0.flipProbability == 0 && $0.mixUp == 0 && $0.cutMix == 0 })
        #expect(Augmentation.strength(11) == .strength(10))
    }

    // MARK: What blends clips

    @Test func mixturesAreConvexAndRepeat() throws {
        #expect(BatchMixture(.standard, size: (10, 8), seed: 1, step: 0) == nil)
        let levels: [UInt8] = [0, 100, 200]
        let clips = levels.flatMap { [UInt8](repeating: $0, count: 480) }
        let mixUp = with { $0.mixUp = 0.5 }
        var shares: [Float] = []
        for step in 0..<200 {
            let mixture = try #require(BatchMixture(mixUp, size: (10, 8), seed: 1, step: step))
            #expect(mixture == BatchMixture(mixUp, size: (10, 8), seed: 1, step: step))
            shares.append(mixture.share)
            let blended = mixture.blend(clips, clips: 3, height: 10, width: 8)
            for (clip, (own, other)) in [(0.0, 100.0), (100, 200), (200, 0)].enumerated() {
                let expected = Double(mixture.share) * own + (1 - Double(mixture.share)) * other
                #expect(abs(Double(blended[clip * 480]) - expected) <= 1)
            }
            let targets = mixture.blend([1, 0, 0, 1, 0, 1] as [Float], clips: 3)
            for (found, expected) in zip(
                targets, [mixture.share, 1 - mixture.share, 0, 1, 1 - mixture.share, mixture.share])
            {
                #expect(abs(found - expected) < 1e-6)
            }
        }
        // The larger share of Beta(1/2, 1/2), whose mean is 1/2 + 1/pi.
        #expect(shares.allSatisfy { (0.5...1).contains($0) })
        #expect(abs(shares.reduce(0, +) / 200 - 0.8183) < 0.04)
        // A rectangle of the next clip, as large as the share says, through all frames.
        let cutMix = with { $0.cutMix = 1 }
        for step in 0..<50 {
            let mixture = try #require(BatchMixture(cutMix, size: (10, 8), seed: 2, step: step))
            let blended = mixture.blend(clips, clips: 3, height: 10, width: 8)
            let others = blended[..<480].count { $0 == 100 }
            #expect(
                blended[..<480].allSatisfy { $0 == 0 || $0 == 100 }
                    && Array(blended[..<240]) == Array(blended[240..<480]))
            #expect(abs(Double(others) / 480 - Double(1 - mixture.share)) < 1e-6 && mixture.share >= 0.5)
            shares.append(mixture.share)
        }
        // The larger share of Beta(1, 1), whose mean is 3/4, less what whole pixels leave out.
        let mean = shares.suffix(50).reduce(0, +) / 50
        #expect(mean > 0.74 && mean < 0.88, "\(mean)")
        // Of vectors there is no part to cut out.
        let vectors = try #require(BatchMixture(cutMix, size: nil, seed: 2, step: 3))
        #expect(vectors.blend([1, 0] as [Float], clips: 2) == [vectors.share, 1 - vectors.share])
    }
}
