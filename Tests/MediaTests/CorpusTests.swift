import Foundation
import Media
import Testing

/// Every file of the shared corpus decodes to the frames and timestamps of `ffmpeg`/`ffprobe`, or fails clearly.
@Suite struct CorpusTests {
    static let limit = 120

    @Test(.enabled(if: Oracle.isAvailable && !sharedVideos.isEmpty), arguments: sharedVideos)
    func decodesAsFFmpegDoes(path: String) throws {
        try compareWithOracle(path, limit: Self.limit)
    }

    @Test(.enabled(if: Oracle.isAvailable && !sharedVideos.isEmpty), arguments: sharedVideos)
    func describesAsProbed(path: String) throws {
        // Of what does not decode the two may differ: vp9_bug_1416.webm claims 152 megapixels, which is beyond the limit to
        // which decoders are held here, so that its size is not known.
        guard (Self.expected[corpusName(path)] ?? 0) > 0 else { return }
        let info = try MediaInfo(probing: path)
        let probe = Oracle.run(
            "ffprobe",
            [
                "-v", "quiet", "-select_streams", "\(info.videoStream)", "-show_entries",
                "stream=codec_name,width,height,pix_fmt,sample_aspect_ratio,avg_frame_rate,start_pts,time_base"
                    + ":stream_side_data=rotation", "-of", "json", "file:" + path,
            ])
        let json = try JSONSerialization.jsonObject(with: probe.output) as? [String: Any]
        let stream = try #require((json?["streams"] as? [[String: Any]])?.first)
        #expect(stream["codec_name"] as? String ?? "none" == info.codec)
        #expect(stream["width"] as? Int == info.codedSize.width && stream["height"] as? Int == info.codedSize.height)
        #expect(stream["pix_fmt"] as? String ?? "unknown" == info.pixelFormat)
        if let rate = stream["avg_frame_rate"] as? String, !rate.hasPrefix("0") {
            #expect(rate == info.averageRate.description)
        }
        let ratio = (stream["sample_aspect_ratio"] as? String)?.replacingOccurrences(of: ":", with: "/") ?? "1/1"
        if !ratio.hasPrefix("0") { #expect(ratio == info.sampleAspectRatio.description) }
        if let start = stream["start_pts"] as? Int, let base = stream["time_base"] as? String {
            let parts = base.split(separator: "/").compactMap { Int64($0) }
            #expect(info.startTime == MediaTime(value: Int64(start) * parts[0], timescale: Int32(parts[1])))
        }
        let sides = stream["side_data_list"] as? [[String: Any]]
        let rotation = sides?.compactMap { $0["rotation"] as? Int }.first ?? 0
        if !info.mirrored { #expect((360 - rotation) % 360 == info.rotation) }
    }

    /// How many frames each file gives, of the first 120: `Fixtures/corpus.tsv`, from `Fixtures/corpus.sh`.
    static let expected: [String: Int] = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/corpus.tsv")
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        let rows = text.split(separator: "\n").map { $0.split(separator: "\t") }
        return Dictionary(rows.compactMap { row in row.count == 2 ? Int(row[1]).map { (String(row[0]), $0) } : nil }) {
            $1
        }
    }()

    @Test(.enabled(if: !sharedVideos.isEmpty)) func theListIsThere() {
        #expect(Self.expected.count > 100 && Self.expected.values.count { $0 > 0 } > 80)
        let found = Set(sharedVideos.map(corpusName))
        for name in Self.expected.keys { #expect(found.contains(name), "\(name) is not in the shared data") }
    }

    /// What must decode decodes, to as many frames; and only that.
    @Test(.enabled(if: !sharedVideos.isEmpty), arguments: sharedVideos)
    func decodesWhatItMust(path: String) throws {
        guard let count = Self.expected[corpusName(path)] else { return }
        if count == 0 {
            #expect(throws: MediaError.self, "\(path)") { try sequence(path, limit: 1) }
        } else {
            #expect(try sequence(path, limit: Self.limit).frames.count == count, "\(path)")
        }
    }

    /// However a frame is reached, it is the one of the sequential decode.
    @Test(.enabled(if: !sharedVideos.isEmpty), arguments: sharedVideos)
    func randomAccessEqualsSequential(path: String) throws {
        guard (Self.expected[corpusName(path)] ?? 0) > 0 else { return }
        let expected = try sequence(path, limit: Self.limit)
        try compareAccess(path, expected, decodesFirst: true)
        // The packets of a damaged file promise frames that it has not.
        if expected.isClean { try compareAccess(path, expected, decodesFirst: false) }
    }
}

/// A file's path below the folder of shared videos.
func corpusName(_ path: String) -> String {
    path.split(separator: "/").drop { $0 != "videos" }.dropFirst().joined(separator: "/")
}

/// A frame of a sequential decode.
struct Seen {
    var header: FrameHeader
    var checksum: UInt32
}

let checkSize = (width: 64, height: 44)

struct Decoded {
    var reader: VideoReader
    var frames: [Seen] = []
    /// Whether the end was reached before the limit.
    var isWhole = false
    /// Whether nothing was damaged.
    var isClean: Bool { frames.allSatisfy { !$0.header.isDamaged } && reader.failureCount == 0 }
}

/// The first frames of a sequential decode; with one thread where the file is damaged, because FFmpeg's concealment is
/// not repeatable with more.
func sequence(_ path: String, limit: Int, threads: Int = 2) throws -> Decoded {
    var result = Decoded(reader: try VideoReader(path: path, threads: threads))
    while !result.isWhole, result.frames.count < limit {
        guard let header = try result.reader.advance() else {
            result.isWhole = true
            break
        }
        let bytes = try result.reader.codedPixels(width: checkSize.width, height: checkSize.height)
        result.frames.append(Seen(header: header, checksum: adler(bytes)))
    }
    return threads > 1 && !result.isClean ? try sequence(path, limit: limit, threads: 1) : result
}

/// Compares a sequential decode with the commands' one, frame by frame.
func compareWithOracle(_ path: String, limit: Int, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let name = URL(fileURLWithPath: path).lastPathComponent
    let whole: Decoded
    do {
        whole = try sequence(path, limit: limit)
    } catch let error as MediaError {
        #expect(error.description.contains(name) && !error.message.isEmpty && !error.remedy.isEmpty, "\(error)")
        let oracle = Oracle(path: path, stream: 0, width: checkSize.width, height: checkSize.height, limit: 2)
        // Stills, cover art and text that FFmpeg shows as a picture are refused on purpose.
        let refused = error.code == .noVideo || error.message.contains("text")
        #expect(oracle.checksums.isEmpty || refused, "\(name): ffmpeg decodes it, but: \(error)")
        return
    }
    let (reader, ours) = (whole.reader, whole.frames)
    // Chosen for its alpha plane; `ffmpeg` by itself takes the decoder that drops it.
    let decoder = reader.decoderName.hasPrefix("libvpx") ? ["-c:v", reader.decoderName] : []
    let oracle = Oracle(
        path: path, stream: reader.info.videoStream, width: checkSize.width, height: checkSize.height, limit: limit,
        threads: reader.threads, decoder: decoder)
    #expect(ours.count == oracle.checksums.count, "\(name): frames, ours and ffmpeg's", sourceLocation: sourceLocation)
    #expect(
        ours.count == oracle.timestamps.count, "\(name): frames, ours and ffprobe's", sourceLocation: sourceLocation)
    let wrongTimes = zip(ours, oracle.timestamps).enumerated().filter { entry in
        entry.element.1.map { $0 != entry.element.0.header.timestamp } ?? false
    }.map(\.offset)
    #expect(wrongTimes.isEmpty, "\(name): timestamps differ", sourceLocation: sourceLocation)
    if reader.info.hasAlpha { return try compareAlpha(path, reader, ours, decoder) }
    let wrongPixels = zip(ours, oracle.checksums).enumerated().filter { $0.element.0.checksum != $0.element.1 }.map(
        \.offset)
    #expect(
        wrongPixels.isEmpty, "\(name) (\(reader.info.codec) \(reader.info.pixelFormat)): pixels differ",
        sourceLocation: sourceLocation)
}

/// Pictures with transparency: the command's own RGBA, laid over black here.
private func compareAlpha(_ path: String, _ reader: VideoReader, _ ours: [Seen], _ decoder: [String]) throws {
    let raw = Oracle.raw(
        path: path, stream: reader.info.videoStream,
        filters: "scale=\(checkSize.width):\(checkSize.height):flags=bicubic", format: "rgba", decoder: decoder)
    let size = checkSize.width * checkSize.height * 4
    #expect(raw.count / size >= ours.count)
    for (index, seen) in ours.enumerated() where (index + 1) * size <= raw.count {
        var flat: [UInt8] = []
        for pixel in stride(from: index * size, to: (index + 1) * size, by: 4) {
            let alpha = Double(raw[pixel + 3]) / 255
            for channel in 0..<3 { flat.append(UInt8((Double(raw[pixel + channel]) * alpha).rounded())) }
        }
        #expect(adler(flat) == seen.checksum, "\(path): frame \(index) over black")
    }
}

/// Reaches frames by index and by time, out of order, and compares each with the sequential decode's.
///
/// - Parameter decodesFirst: whether the reader takes the video for a short one, which it decodes once to learn its frames,
///   or for a long one, where it jumps by what the packets promise.
func compareAccess(
    _ path: String, _ expected: Decoded, decodesFirst: Bool
) throws {
    let (frames, name) = (expected.frames, URL(fileURLWithPath: path).lastPathComponent)
    let reader = try VideoReader(path: path, threads: expected.reader.threads)
    // A long file is only taken for what it is.
    reader.longPixels = decodesFirst && expected.isWhole ? 1e12 : 0
    var state: UInt64 = 7
    func random(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }
    let rising = zip(frames, frames.dropFirst()).allSatisfy { $0.header.time < $1.header.time }
    var visits = [frames.count - 1, 0, frames.count / 2, frames.count / 2 + 1].filter { frames.indices.contains($0) }
    for _ in 0..<6 { visits.append(random(frames.count)) }
    for (step, index) in visits.enumerated() {
        let byTime = step % 3 == 2 && rising
        let header = try byTime ? reader.move(to: frames[index].header.time) : reader.move(to: index)
        let bytes = try reader.codedPixels(width: checkSize.width, height: checkSize.height)
        let how = "\(name): frame \(index) by \(byTime ? "time" : "index"), decoding first: \(decodesFirst)"
        let wanted = frames[index].header
        #expect(
            header.index == wanted.index && header.timestamp == wanted.timestamp && header.time == wanted.time, "\(how)"
        )
        #expect(header.isKeyFrame == wanted.isKeyFrame && header.isDamaged == wanted.isDamaged, "\(how)")
        #expect(adler(bytes) == frames[index].checksum, "\(how)")
    }
    if expected.isWhole {
        #expect(throws: MediaError.self, "\(name)") { try reader.frame(at: frames.count) }
        #expect(throws: MediaError.self, "\(name)") { try reader.frame(at: -1) }
    }
}
