import ArgumentParser
import Foundation
import Media
import Training

struct Probe: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what video files hold: codec, sizes, rate, duration, frames.",
        discussion: """
            Example:
              sora probe clip.mp4
              sora probe --count --json *.mkv
            """)

    @Argument(help: "Video files.", completion: .file())
    var files: [String]

    @Flag(name: .customLong("count"), help: "Count the frames by decoding them, rather than trust the container.")
    var countsFrames = false

    @OptionGroup var common: CommonOptions

    func run() throws {
        try FileBatch.run(files, json: common.json) { file in
            var info = try MediaInfo(probing: file)
            if countsFrames {
                let progress = ProgressBar(
                    total: max(info.frameCount ?? 1, 1), style: Console.progressStyle, sink: Console.progress)
                defer { progress.clear() }
                info = try MediaInfo(probing: file, countFrames: true) { progress.showAtMost($0) }
            }
            Console.result(common.json ? try info.jsonLine() : info.text)
        }
    }
}

extension MediaInfo {
    /// A few lines for people.
    fileprivate var text: String {
        var length: [String] = []
        length.append(duration.map { String(format: "%.3f s", $0.seconds) } ?? "not stated")
        if let frameCount {
            length.append(
                frameCountIsEstimate
                    ? "about \(frameCount) frames" : "\(frameCount) frames" + (frameCountIsExact ? "" : " (stated)"))
        }
        length.append(
            averageRate.value > 0
                ? String(format: "%.3f frames/s", averageRate.value) + (variableRate ? " on average, variable" : "")
                : "rate not stated")
        if let startTime, startTime != .zero { length.append(String(format: "starts at %.3f s", startTime.seconds)) }
        var picture = ["\(codec)", "\(displaySize.width)x\(displaySize.height) pixels"]
        if codedSize != displaySize { picture.append("coded \(codedSize.width)x\(codedSize.height)") }
        if sampleAspectRatio.value != 1 { picture.append("sample aspect ratio \(sampleAspectRatio)") }
        if rotation != 0 { picture.append("turned \(rotation) degrees") }
        if mirrored { picture.append("mirrored") }
        picture.append("\(pixelFormat), \(bitDepth) bit")
        picture.append(colorSpace == "unknown" ? "colour matrix not stated" : "colour matrix \(colorSpace)")
        picture.append(["tv": "limited range", "pc": "full range"][colorRange] ?? "range not stated")
        let all = streams.map { "\($0.kind.rawValue) \($0.codec)" }
        return """
            \(path)
              container  \(container): \(all.joined(separator: ", "))
              length     \(length.joined(separator: ", "))
              picture    \(picture.joined(separator: ", "))
              sound      \(hasAudio ? "yes" : "none")
            """
    }
}
