import Foundation
import Testing

@Suite struct FramesTests {
    @Test func aFolder() throws {
        let workspace = try Workspace.shared
        let out = try workspace.newFolder() + "/deep/frames"
        let outcome = try sora("frames", workspace.clip, "--out", out, "--all", "--full-size")
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("8 frames of 32x32 pixels"))
        let names = try FileManager.default.contentsOfDirectory(atPath: out).sorted()
        #expect(names == (0..<8).map { "frame-0000\($0).png" } + ["timestamps.csv"])
        #expect(try bytes(out + "/frame-00007.png").prefix(4) == Data([0x89] + Array("PNG".utf8)))
        let rows = try lines(out + "/timestamps.csv")
        #expect(rows[0] == "index,time,seconds,damaged")
        #expect(rows.count == 9)
        #expect(rows[1].hasPrefix("0,0/") && rows[1].hasSuffix(",0.0,0"))
        // The seventh of 12 frames a second: 6/12 s.
        let fields = rows[7].split(separator: ",")
        let time = fields[1].split(separator: "/").compactMap { Int($0) }
        #expect(fields[0] == "6" && time[0] * 2 == time[1] && fields[2] == "0.5")
    }

    @Test func anArray() throws {
        let workspace = try Workspace.shared
        let out = try workspace.newFolder() + "/clip.npy"
        let outcome = try sora("frames", workspace.clip, "--out", out, "--every", "3", "--size", "20", "--json")
        #expect(outcome.status == 0)
        let (header, data) = try array(out)
        #expect(header.contains("'|u1'") && header.contains("(3, 20, 20, 3)"))
        #expect(data.count == 3 * 20 * 20 * 3)
        #expect(try bytes(out).count % 64 == data.count % 64)
        #expect(try lines(out + ".times.csv").dropFirst().map { $0.split(separator: ",")[0] } == ["0", "3", "6"])
        let listing = try #require(outcome.objects().first)
        let frames = try #require(listing["frames"] as? [[String: Any]])
        #expect(frames.map { $0["index"] as? Int } == [0, 3, 6])
        #expect(listing["width"] as? Int == 20)
    }

    @Test func whatTheModelSees() throws {
        let workspace = try Workspace.shared
        let folder = try workspace.newFolder()
        let outcome = try sora("frames", workspace.clip, "--model", workspace.model, "--out", folder + "/clip.npy")
        #expect(outcome.status == 0)
        #expect(try array(folder + "/clip.npy").header.contains("(4, 32, 32, 3)"))
        // A part with fewer frames than the model takes shows some of them more than once.
        let part = try sora("frames", workspace.clip, "--preset", "small", "--end", "0.2", "--json").objects()
        let indices = (part.first?["frames"] as? [[String: Any]])?.compactMap { $0["index"] as? Int }
        #expect(indices?.count == 16 && Set(indices ?? []) == [0, 1, 2])
    }

    @Test func aContactSheetAndAList() throws {
        let workspace = try Workspace.shared
        let out = try workspace.newFolder() + "/sheet.png"
        #expect(try sora("frames", workspace.clip, "--count", "4", "--out", out).status == 0)
        #expect(try bytes(out).prefix(4) == Data([0x89] + Array("PNG".utf8)))
        let list = try sora("frames", workspace.clip, "--times", "0.5,0.1")
        #expect(list.status == 0)
        #expect(list.lines.count == 3 && list.lines[1].contains("frame 1 ") && list.lines[2].contains("0.5000 s"))
    }

    @Test func aPartWithoutFrames() throws {
        let workspace = try Workspace.shared
        let out = try workspace.newFolder() + "/none.npy"
        let outcome = try sora("frames", workspace.clip, "--start", "5", "--all", "--out", out)
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains(workspace.clip) && outcome.errors.contains("sora probe"))
        #expect(!FileManager.default.fileExists(atPath: out))
    }
}
