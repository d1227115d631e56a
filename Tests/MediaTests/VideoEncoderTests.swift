import Foundation
import Media
import Testing

@Suite("VideoEncoder", .enabled(if: EncodingOracle.isAvailable))
struct VideoEncoderTests {
    /// A smooth coloured pattern that moves: without hard edges of colour, which 4:2:0 does not keep.
    static func picture(_ index: Int, width: Int, height: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                let wave = sin(Double(x + 2 * index) / 7)
                bytes.append(UInt8(128 + 60 * wave))
                bytes.append(UInt8(y * 150 / max(1, height - 1) + 40))
                bytes.append(UInt8(x * 100 / max(1, width - 1) + 60))
            }
        }
        return bytes
    }

    static func encode(
        _ path: String, times: [MediaTime], width: Int, height: Int, options: VideoEncoder.Options = .init(),
        end: MediaTime? = nil
    ) throws -> (encoder: VideoEncoder, source: [[UInt8]]) {
        let encoder = try VideoEncoder(path: path, width: width, height: height, options: options)
        let source = times.indices.map { picture($0, width: width, height: height) }
        for (frame, time) in zip(source, times) { try encoder.append(frame, at: time) }
        #expect(!FileManager.default.fileExists(atPath: path))
        try encoder.finish(at: end)
        return (encoder, source)
    }

    static func expectTimes(_ path: String, _ expected: [MediaTime]) throws {
        let found = try EncodingOracle.times(path)
        #expect(found.count == expected.count)
        for (a, b) in zip(found, expected) {
            #expect(a.value * Int64(b.timescale) == b.value * a.scale, "\(a) is not \(b)")
        }
    }

    static let regular = (0..<30).map { MediaTime(value: Int64($0) * 1001, timescale: 30000) }
    static let irregular = [0, 1, 4, 5, 5 + 90000, 200_003, 200_004, 300_000].map {
        MediaTime(value: $0, timescale: 90000)
    }

    @Test(arguments: ["mp4", "mov"], ["libx264", "mpeg4"])
    func keepsTimesExactlyInMP4(container: String, codec: String) throws {
        try withTemporaryFolder { folder in
            for (index, times) in [
                Self.regular, Self.irregular, Self.irregular.map { MediaTime(value: $0.value + 7, timescale: 90000) },
            ].enumerated() {
                let path = "\(folder)/a b\(index).\(container)"
                var options = VideoEncoder.Options()
                options.codecName = codec
                guard
                    let (encoder, source) = try? Self.encode(
                        path, times: times, width: 64, height: 48, options: options)
                else { Issue.record("\(codec) failed"); continue }
                #expect(encoder.codecName == codec)
                try Self.expectTimes(path, times)
                let decoded = try EncodingOracle.decode(path)
                let expected = source.flatMap { $0 }
                #expect(decoded.count == expected.count)
                #expect(peakSignalToNoise(decoded, expected) > 30)
            }
        }
    }

    @Test func mixedTimescalesAndLastDuration() throws {
        try withTemporaryFolder { folder in
            let times = [MediaTime.zero, MediaTime(value: 1, timescale: 12800), MediaTime(seconds: 0.25)]
            let path = folder + "/m.mp4"
            _ = try Self.encode(path, times: times, width: 32, height: 32, end: MediaTime(value: 3, timescale: 1))
            try Self.expectTimes(path, times)
            #expect(try EncodingOracle.probe(path, "format=duration") == ["3.000000"])
        }
    }

    @Test(arguments: ["libvpx-vp9", "libvpx"])
    func webMKeepsMilliseconds(codec: String) throws {
        try withTemporaryFolder { folder in
            var options = VideoEncoder.Options()
            options.codecName = codec
            let path = folder + "/a.webm"
            let (_, source) = try Self.encode(path, times: Self.regular, width: 64, height: 48, options: options)
            let rounded = Self.regular.map { MediaTime(value: ($0.value * 2000 + 30000) / 60000, timescale: 1000) }
            try Self.expectTimes(path, rounded)
            #expect(peakSignalToNoise(try EncodingOracle.decode(path), source.flatMap { $0 }) > 30)
        }
    }

    @Test func gifKeepsHundredthsAndLooksRight() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/a.gif"
            let times = (0..<10).map { MediaTime(value: Int64($0) + 5, timescale: 8) }
            let (encoder, source) = try Self.encode(path, times: times, width: 61, height: 47)
            #expect((encoder.encodedWidth, encoder.encodedHeight) == (61, 47))
            try Self.expectTimes(
                path, times.map { MediaTime(value: Int64((($0.value - 5) * 100 + 4) / 8), timescale: 100) })
            let decoded = try EncodingOracle.decode(path)
            #expect(decoded.count == source.count * 61 * 47 * 3)
            #expect(peakSignalToNoise(decoded, source.flatMap { $0 }) > 30)
        }
    }

    @Test func oddSizesArePaddedByRepeating() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/odd.mp4"
            let (encoder, source) = try Self.encode(
                path, times: Self.regular, width: 33, height: 21, options: .init(quality: 1))
            #expect((encoder.encodedWidth, encoder.encodedHeight) == (34, 22))
            #expect(try EncodingOracle.probe(path, "stream=width,height") == ["34,22"])
            let decoded = try EncodingOracle.decode(path)
            var cropped: [UInt8] = []
            for row in 0..<21 { cropped += decoded[row * 34 * 3..<row * 34 * 3 + 33 * 3] }
            #expect(peakSignalToNoise(cropped, source[0]) > 30)
        }
    }

    @Test func tagsBT709AndQualityChangesSize() throws {
        try withTemporaryFolder { folder in
            for (name, quality) in [("low.mp4", 0.1), ("high.mp4", 0.95)] {
                _ = try Self.encode(
                    folder + "/" + name, times: Self.regular, width: 96, height: 64, options: .init(quality: quality))
            }
            let tags = try EncodingOracle.probe(
                folder + "/low.mp4", "stream=color_range,color_space,color_transfer,color_primaries")
            #expect(tags == ["tv,bt709,bt709,bt709"])
            func size(_ name: String) throws -> Int {
                try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)).count
            }
            #expect(try Double(size("high.mp4")) > 1.3 * Double(size("low.mp4")))
        }
    }

    @Test func oneFrameIsAVideo() throws {
        try withTemporaryFolder { folder in
            for name in ["one.mp4", "one.webm", "one.gif"] {
                _ = try Self.encode(folder + "/" + name, times: [.zero], width: 16, height: 16)
                #expect(try EncodingOracle.times(folder + "/" + name).count == 1)
            }
        }
    }

    @Test func badInputIsRefusedAndTheEncoderGoesOn() throws {
        try withTemporaryFolder { folder in
            let encoder = try VideoEncoder(path: folder + "/a.mp4", width: 8, height: 6)
            let frame = [UInt8](repeating: 9, count: 8 * 6 * 3)
            try encoder.append(frame, at: .zero)
            #expect(throws: MediaError.self) {
                try encoder.append(Array(frame.dropLast()), at: MediaTime(value: 1, timescale: 2))
            }
            #expect(throws: MediaError.self) { try encoder.append(frame, at: .zero) }
            #expect(throws: MediaError.self) { try encoder.append(frame, at: MediaTime(value: -1, timescale: 2)) }
            try encoder.append(frame, at: MediaTime(value: 1, timescale: 2))
            // 1/7 s is on no tick of the timescale chosen: refused, and the encoder can still be used.
            #expect(throws: MediaError.self) { try encoder.append(frame, at: MediaTime(value: 5, timescale: 7)) }
            try encoder.append(frame, at: MediaTime(value: 3, timescale: 4))
            try encoder.finish()
            #expect(throws: MediaError.self) { try encoder.append(frame, at: MediaTime(value: 9, timescale: 1)) }
            #expect(throws: MediaError.self) { try encoder.finish() }
            #expect(try EncodingOracle.times(folder + "/a.mp4").count == 3)
        }
    }

    @Test func framesWithoutTheirBytesAndHugeTimesAreRefused() throws {
        try withTemporaryFolder { folder in
            let hollow = Frames(height: 6, width: 8, bytes: [1, 2, 3], times: [.zero])
            #expect(throws: MediaError.self) {
                try VideoEncoder(path: folder + "/a.mp4", width: 8, height: 6).append(contentsOf: hollow)
            }
            #expect(throws: MediaError.self) { try hollow.contactSheet() }
            #expect(throws: MediaError.self) { try Frames(height: .max, width: .max, times: [.zero]).contactSheet() }
            for name in ["a.mp4", "a.webm", "a.gif"] {
                for time in [MediaTime(value: .max, timescale: 1), MediaTime(value: 1 << 58, timescale: 1)] {
                    let encoder = try VideoEncoder(path: folder + "/" + name, width: 8, height: 6)
                    let frame = [UInt8](repeating: 9, count: 8 * 6 * 3)
                    #expect(throws: MediaError.self) {
                        try encoder.append(frame, at: .zero)
                        try encoder.append(frame, at: time)
                        try encoder.finish()
                    }
                }
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        }
    }

    @Test func nothingIsLeftOfAnAbandonedFile() throws {
        try withTemporaryFolder { folder in
            for finishes in [false, true] {
                let encoder = try VideoEncoder(path: folder + "/a.mp4", width: 8, height: 6)
                if finishes {
                    #expect(throws: MediaError.self) { try encoder.finish() }
                } else {
                    try encoder.append([UInt8](repeating: 9, count: 8 * 6 * 3), at: .zero)
                    encoder.cancel()
                }
            }
            do {
                let dropped = try VideoEncoder(path: folder + "/b.gif", width: 8, height: 6)
                try dropped.append([UInt8](repeating: 9, count: 8 * 6 * 3), at: .zero)
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        }
    }

    @Test func errorsSayWhatToDo() throws {
        try withTemporaryFolder { folder in
            for (path, words) in [
                (folder + "/none/a.mp4", "folder exists"), (folder + "/a.avi", ".avi"), (folder + "/a", "no extension"),
            ] {
                let error = #expect(throws: MediaError.self) { _ = try VideoEncoder(path: path, width: 8, height: 8) }
                #expect(error?.code == .unwritable)
                #expect(error?.description.contains(words) == true)
            }
            let size = #expect(throws: MediaError.self) {
                _ = try VideoEncoder(path: folder + "/a.mp4", width: 0, height: 8)
            }
            #expect(size?.code == .badRequest)
        }
    }

    @Test func pathsWithColonsAndDashes() throws {
        try withTemporaryFolder { folder in
            for name in ["a:b.mp4", "-x.mp4", "ünï.gif"] {
                _ = try Self.encode("\(folder)/\(name)", times: [.zero], width: 10, height: 4)
                #expect(FileManager.default.fileExists(atPath: "\(folder)/\(name)"))
            }
        }
    }

    @Test func framesOfAnotherShapeAreRefused() throws {
        try withTemporaryFolder { folder in
            let encoder = try VideoEncoder(path: folder + "/a.mp4", width: 32, height: 16)
            // As many bytes, turned.
            let turned = Frames(
                height: 32, width: 16, bytes: [UInt8](repeating: 9, count: 32 * 16 * 3), times: [.zero], indices: [0])
            let error = #expect(throws: MediaError.self) { try encoder.append(contentsOf: turned) }
            #expect(error?.code == .badRequest && error?.message.contains("16x32") == true)
            #expect(encoder.frameCount == 0)
        }
    }

    @Test(arguments: ["mp4", "webm", "gif"], [(96, 96), (50, 38)])
    func theSameFramesAreTheSameFile(container: String, size: (width: Int, height: Int)) throws {
        try withTemporaryFolder { folder in
            var random = SystemRandomNumberGenerator()
            let files = try (0..<8).map { index in
                // What the heap held before must not reach the file.
                withExtendedLifetime(
                    (0..<100).map { _ in
                        [UInt8](repeating: .random(in: 0...255, using: &random), count: .random(in: 100...30000))
                    }
                ) { _ in }
                let path = "\(folder)/\(index).\(container)"
                _ = try Self.encode(path, times: Self.regular, width: size.width, height: size.height)
                return try Data(contentsOf: URL(fileURLWithPath: path))
            }
            #expect(Set(files).count == 1)
        }
    }
}
