import Foundation
import Synchronization

/// Videos that the `ffmpeg` command makes for the tests, in a folder that lasts as long as the run.
enum Generated {
    static let folder: URL = {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sora-media-\(UUID().uuidString)")
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }()

    /// Name of the file, and how to make it: inputs, then outputs.
    struct Recipe: Sendable, CustomStringConvertible {
        var name: String
        var arguments: [String]
        /// A recipe whose file comes first, with what is said before it.
        var source: (options: [String], name: String)?
        var description: String { name }
    }

    private static func pattern(_ size: String, rate: String = "25", seconds: Double = 3) -> [String] {
        ["-f", "lavfi", "-i", "testsrc2=size=\(size):rate=\(rate):duration=\(seconds)"]
    }

    private static let x264 = ["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p"]

    /// One file for each property that makes timestamps, references or colours go wrong.
    static let recipes: [Recipe] = [
        Recipe(
            name: "bframes.mp4",
            arguments: pattern("178x102") + x264 + [
                "-bf", "3", "-g", "12", "-x264-params", "b-pyramid=normal:keyint_min=12",
            ]),
        Recipe(
            name: "opengop.mp4",
            arguments: pattern("178x102") + x264 + ["-bf", "3", "-g", "10", "-x264-params", "open-gop=1:scenecut=0"]),
        Recipe(
            name: "opengop.mkv",
            arguments: pattern("178x102") + x264 + ["-bf", "3", "-g", "10", "-x264-params", "open-gop=1:scenecut=0"]),
        Recipe(
            name: "opengop_hevc.mp4",
            arguments: pattern("178x102", seconds: 2) + [
                "-c:v", "libx265", "-preset", "ultrafast", "-x265-params",
                "open-gop=1:keyint=10:bframes=3:log-level=none",
            ]),
        Recipe(
            name: "intrarefresh.mp4",
            arguments: pattern("178x102") + x264 + ["-bf", "0", "-g", "15", "-x264-params", "intra-refresh=1"]),
        Recipe(
            name: "vfr.mp4",
            arguments: pattern("176x100") + ["-vf", "select='not(mod(n,3))+lt(mod(n,11),4)'", "-vsync", "vfr"] + x264
                + ["-bf", "2", "-g", "20"]),
        Recipe(
            name: "vfr.mkv",
            arguments: pattern("176x100", rate: "30") + [
                "-vf", "select='not(mod(n,3))+lt(mod(n,11),4)'", "-vsync", "vfr",
            ] + x264 + ["-g", "20"]),
        Recipe(
            name: "late.mp4",
            arguments: pattern("176x100") + ["-vf", "setpts=PTS+7.3/TB", "-vsync", "passthrough"] + x264
                + ["-movflags", "use_metadata_tags", "-g", "25"]),
        Recipe(
            name: "negative.mkv",
            arguments: pattern("176x100", seconds: 2) + [
                "-c:v", "ffv1", "-avoid_negative_ts", "disabled", "-output_ts_offset", "-1",
            ]),
        Recipe(
            name: "negative.asf",
            arguments: pattern("176x100") + [
                "-c:v", "mpeg4", "-g", "12", "-avoid_negative_ts", "disabled", "-output_ts_offset", "-1",
            ]),
        // Matroska gives no time at all to packets of this codec that lie before zero.
        Recipe(
            name: "untimed.mkv",
            arguments: pattern("176x100") + x264 + [
                "-bf", "2", "-g", "25", "-avoid_negative_ts", "disabled", "-output_ts_offset", "-1",
            ]),
        Recipe(
            name: "unedited.mp4",
            arguments: pattern("176x100") + x264 + ["-bf", "2", "-avoid_negative_ts", "disabled", "-use_editlist", "0"]),
        // An edit list that hides the frames from the key frame to the cut.
        Recipe(
            name: "hidden.mp4", arguments: ["-c", "copy", "-avoid_negative_ts", "disabled"],
            source: (["-ss", "0.6"], "bframes.mp4")),
        Recipe(
            name: "faststart.mp4", arguments: ["-c", "copy", "-movflags", "faststart"], source: ([], "bframes.mp4")),
        Recipe(name: "intra.mkv", arguments: pattern("64x48", seconds: 1) + ["-c:v", "magicyuv"]),
        Recipe(
            name: "jump.mkv",
            arguments: pattern("64x48", seconds: 1) + [
                "-vf", "setpts='if(gte(N,20),PTS+25920000/TB,PTS)'", "-vsync", "passthrough", "-c:v", "ffv1",
            ]),
        // With sound between them, frames lie in chunks of their own.
        Recipe(
            name: "chunks.mov",
            arguments: pattern("64x48", seconds: 1) + [
                "-f", "lavfi", "-i", "sine=duration=1", "-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-c:a", "pcm_s16le",
            ]),
        Recipe(
            name: "tenbit.mp4",
            arguments: pattern("176x100", seconds: 1) + [
                "-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le", "-x265-params", "log-level=none",
            ]),
        Recipe(
            name: "full709.mp4",
            arguments: pattern("176x100", seconds: 1) + [
                "-vf", "scale=out_color_matrix=bt709:out_range=pc,format=yuv420p", "-c:v", "libx264", "-colorspace",
                "bt709",
                "-color_range", "pc",
            ]),
        Recipe(
            name: "limited601.mp4",
            arguments: pattern("176x100", seconds: 1) + [
                "-vf", "scale=out_color_matrix=bt601:out_range=tv,format=yuv420p", "-c:v", "libx264", "-colorspace",
                "smpte170m", "-color_range", "tv",
            ]),
        Recipe(
            name: "bt2020.mkv",
            arguments: pattern("176x100", seconds: 1) + [
                "-vf", "scale=out_color_matrix=bt2020:out_range=tv,format=yuv420p10le", "-c:v", "ffv1", "-colorspace",
                "bt2020nc", "-color_range", "tv",
            ]),
        Recipe(name: "sar.mp4", arguments: pattern("176x100", seconds: 1) + ["-vf", "setsar=16/11"] + x264),
        Recipe(name: "mpeg2.ts", arguments: pattern("176x100") + ["-c:v", "mpeg2video", "-bf", "2", "-g", "12"]),
        Recipe(name: "mpeg2.mpg", arguments: pattern("176x100") + ["-c:v", "mpeg2video", "-bf", "2", "-g", "12"]),
        Recipe(
            name: "interlaced.ts",
            arguments: pattern("176x96", rate: "50") + [
                "-vf", "interlace", "-c:v", "libx264", "-flags", "+ildct+ilme", "-x264-params", "tff=1:keyint=12",
                "-pix_fmt", "yuv420p",
            ]),
        Recipe(name: "mpeg4.avi", arguments: pattern("176x100") + ["-c:v", "mpeg4", "-bf", "2", "-g", "12"]),
        Recipe(
            name: "vp8.webm",
            arguments: pattern("176x100", seconds: 2) + [
                "-c:v", "libvpx", "-auto-alt-ref", "1", "-lag-in-frames", "16", "-deadline", "realtime", "-g", "15",
            ]),
        Recipe(
            name: "vp9.webm",
            arguments: pattern("177x101", seconds: 2) + [
                "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-lag-in-frames", "16", "-g", "15",
            ]),
        Recipe(
            name: "mjpeg.avi", arguments: pattern("176x100", seconds: 1) + ["-c:v", "mjpeg", "-pix_fmt", "yuvj420p"]),
        Recipe(name: "still.gif", arguments: pattern("80x46", rate: "10")),
        Recipe(
            name: "alpha.mov",
            arguments: [
                "-f", "lavfi", "-i",
                "testsrc2=size=80x46:rate=10:duration=1,format=rgba,geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='mod(X*3+Y*5,256)'",
                "-c:v", "qtrle",
            ]),
        Recipe(name: "raw.h264", arguments: pattern("176x100", seconds: 1) + x264 + ["-bf", "0"]),
        Recipe(
            name: "fragmented.mp4",
            arguments: pattern("176x100") + x264 + [
                "-g", "25", "-movflags", "frag_keyframe+empty_moov",
            ]),
        Recipe(name: "many.flv", arguments: pattern("176x100") + ["-c:v", "flv1", "-g", "12"]),
        Recipe(name: "theora.ogv", arguments: pattern("176x96") + ["-c:v", "libtheora", "-g", "12"]),
    ]

    /// Held while a file is made: suites run side by side, and none may read what another is still writing.
    private static let making = Mutex(())

    /// Makes the recipe's file if it is not there yet; nil where this `ffmpeg` cannot.
    static func file(_ recipe: Recipe) -> String? { making.withLock { _ in make(recipe) } }

    private static func make(_ recipe: Recipe) -> String? {
        let path = folder.appendingPathComponent(recipe.name).path
        if FileManager.default.fileExists(atPath: path) { return path }
        var input: [String] = []
        if let source = recipe.source {
            guard let file = recipes.first(where: { $0.name == source.name }).flatMap(make) else { return nil }
            input = source.options + ["-i", "file:" + file]
        }
        let result = Oracle.run(
            "ffmpeg", ["-v", "quiet", "-nostdin", "-y"] + input + recipe.arguments + ["file:" + path])
        return result.status == 0 && FileManager.default.fileExists(atPath: path) ? path : nil
    }

    static func file(named name: String) -> String? {
        recipes.first { $0.name == name }.flatMap { file($0) }
    }

    /// A copy of a file with changed bytes.
    static func write(_ bytes: [UInt8], as name: String) throws -> String {
        let url = folder.appendingPathComponent(name)
        try Data(bytes).write(to: url)
        return url.path
    }
}
