import Foundation
import Media
import Testing

/// What is left undecoded makes no difference to what comes out.
@Suite(.serialized) struct SkippingTests {
    private static let size = FrameRequest.Resize.exact(width: 64, height: 44)

    private func read(_ path: String, _ request: FrameRequest, skips: Bool, threads: Int = 2) throws -> Frames {
        let reader = try VideoReader(path: path, threads: threads)
        reader.allowsSkipping = skips
        // Whole decodes, against which the others are held.
        if !skips { reader.longPixels = 1e15 }
        return try reader.read(request)
    }

    /// Reads with and without skipping, and expects the same of both.
    private func compare(_ path: String, _ samplings: [FrameRequest.Sampling]) throws {
        for (number, sampling) in samplings.enumerated() {
            let request = FrameRequest(
                sampling: sampling, resize: Self.size, damage: .hold,
                start: number % 2 == 0 ? nil : MediaTime(seconds: 0.4), origin: .firstFrame)
            var plain = Result { try read(path, request, skips: false) }
            // Runs side by side, and one after the other.
            var skipping = Result { try read(path, request, skips: true, threads: number % 2 == 0 ? 3 : 1) }
            if case .success(let frames) = plain, frames.damagedCount > 0 {
                // With threads, what is made of damage differs from decode to decode.
                plain = Result { try read(path, request, skips: false, threads: 1) }
                skipping = Result { try read(path, request, skips: true, threads: 1) }
            }
            let what = Comment(rawValue: "\(path) \(sampling) from \(request.start?.seconds ?? 0) s")
            switch (plain, skipping) {
            case (.success(let expected), .success(let found)):
                #expect(found.times == expected.times && found.indices == expected.indices, what)
                #expect(found.distances.allSatisfy { $0 == 0 }, what)
                #expect(found.damagedCount == expected.damagedCount, what)
                #expect(found.bytes == expected.bytes, what)
            case (.failure, .failure): break
            default: Issue.record("\(what): \(plain) but \(skipping)")
            }
        }
    }

    @Test(.enabled(if: Oracle.isAvailable), arguments: Generated.recipes)
    func generatedVideosAreTheSame(recipe: Generated.Recipe) throws {
        guard let path = Generated.file(recipe) else { return }
        try compare(path, [.uniform(4), .uniform(16), .random(5, seed: 3), .every(7)])
    }

    @Test(.enabled(if: !sharedVideos.isEmpty), arguments: sharedVideos)
    func sharedVideosAreTheSame(path: String) throws { try compare(path, [.uniform(6), .random(16, seed: 3)]) }

    /// The shortcut is taken where it may be, and only there.
    @Test(.enabled(if: Oracle.isAvailable)) func packetsAreSkipped() throws {
        func skipped(_ name: String, _ request: FrameRequest) throws -> Int {
            let reader = try VideoReader(path: try #require(Generated.file(named: name)))
            _ = try reader.read(request)
            return reader.skippedPackets
        }
        let four = FrameRequest(sampling: .uniform(4), resize: Self.size, damage: .hold)
        // Of 75 frames, half are referred to by no other; a key frame comes at each twelfth.
        #expect(try skipped("bframes.mp4", four) > 37)
        #expect(try skipped("opengop_hevc.mp4", four) > 10)
        // Only the four, of 25.
        #expect(try skipped("chunks.mov", four) == 21)
        // No promise of a frame to a packet, or another damage policy, or all frames: everything is decoded.
        #expect(try skipped("mpeg2.ts", four) == 0 && skipped("vp8.webm", four) == 0)
        var other = four
        other.damage = .raise
        #expect(try skipped("bframes.mp4", other) == 0)
        other = FrameRequest(resize: Self.size, damage: .hold)
        #expect(try skipped("bframes.mp4", other) == 0)
    }

    /// Fast: as many frames, each no further off than it says, and the nearest key frames where there are some.
    @Test(
        .enabled(if: Oracle.isAvailable),
        arguments: ["bframes.mp4", "opengop.mkv", "vp9.webm", "vp8.webm", "hidden.mp4"])
    func fastIsNear(name: String) throws {
        guard let path = Generated.file(named: name) else { return }
        let all = try VideoReader(path: path).read(FrameRequest(resize: Self.size))
        for (count, accuracy) in [1, 4, 9, 200].flatMap({ [($0, FrameRequest.Accuracy.fast), ($0, .keys)] }) {
            var request = FrameRequest(sampling: .uniform(count), resize: Self.size, damage: .hold)
            let exact = try VideoReader(path: path).read(request)
            request.accuracy = accuracy
            let fast = try VideoReader(path: path).read(request)
            try #require(fast.count == count && exact.count == count && fast.distances.count == count)
            for place in 0..<count {
                let index = fast.indices[place]
                #expect(fast.times[place] == all.times[index])
                #expect(
                    fast.bytes[fast.byteRange(of: place)] == all.bytes[all.byteRange(of: index)], "\(name) \(index)")
                let distance = abs(fast.times[place].seconds - exact.times[place].seconds)
                #expect(abs(fast.distances[place] - distance) < 1e-9)
            }
            #expect(fast.times == fast.times.sorted())
            #expect(fast.largestDistance >= fast.meanDistance)
        }
    }

    /// The nearest of the key frames, which are every twelfth, several times where that is so.
    @Test(.enabled(if: Oracle.isAvailable)) func keysAreTheNearest() throws {
        let path = try #require(Generated.file(named: "bframes.mp4"))
        var request = FrameRequest(sampling: .uniform(25), resize: Self.size, damage: .hold)
        let exact = try VideoReader(path: path).read(request).indices
        request.accuracy = .keys
        let keys = try VideoReader(path: path).read(request)
        // 75 frames: 0, 12, … 72; of two as near the earlier one.
        let expected = exact.map { frame in
            stride(from: 0, through: 72, by: 12).min { abs($0 - frame) < abs($1 - frame) }
        }
        #expect(keys.indices.map(Optional.some) == expected && Set(keys.indices).count == 7)
        // In a part without one it is as fast is.
        request.start = MediaTime(value: 14, timescale: 25)
        request.end = MediaTime(value: 20, timescale: 25)
        let part = try VideoReader(path: path).read(request)
        #expect(part.count == 25 && part.indices.allSatisfy { (13...21).contains($0) })
    }

    @Test(.enabled(if: Oracle.isAvailable)) func fastTakesKeyFrames() throws {
        let path = try #require(Generated.file(named: "bframes.mp4"))
        // 75 frames with a key frame at each 12th: parts of 15 frames hold one or two.
        let request = FrameRequest(sampling: .uniform(5), resize: Self.size, accuracy: .fast)
        let fast = try VideoReader(path: path).read(request)
        #expect(fast.indices == [12, 24, 36, 48, 72])
        #expect(fast.distances.map { ($0 * 25).rounded() } == [5, 2, 1, 4, 5])
        #expect(abs(fast.largestDistance - 0.2) < 1e-9 && abs(fast.meanDistance - 0.136) < 1e-9)
    }
}
