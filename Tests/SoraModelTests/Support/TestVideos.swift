import Media

/// Small real video files.
enum TestVideos {
    /// Nine frames of 32x24 noise, another for each `salt`.
    static func write(to path: String, salt: UInt32) throws {
        let encoder = try VideoEncoder(path: path, width: 32, height: 24, options: .init(quality: 0.9, threads: 1))
        for frame in 0..<9 {
            let bytes = (0..<32 * 24 * 3).map { UInt8(Drawn.salted(salt, $0 / 96 + 1000 * frame) >> 24) }
            try encoder.append(bytes, at: MediaTime(value: Int64(frame), timescale: 10))
        }
        try encoder.finish()
    }
}
