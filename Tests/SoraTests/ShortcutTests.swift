import Foundation
import Testing

/// `--sampling`, `--reuse` and `--compare` say what they did.
@Suite struct ShortcutTests {
    @Test func classify() throws {
        let workspace = try Workspace.shared
        let plain = try sora("classify", workspace.model, workspace.clip, "--json").objects()
        #expect(plain.first?["largestDistance"] == nil && plain.first?["reusedFrames"] == nil)
        let options = ["--sampling", "fast", "--reuse", "255", "--compare"]
        let outcome = try sora(["classify", workspace.model, workspace.clip, "--json"] + options)
        #expect(outcome.status == 0)
        let row = try #require(outcome.objects().first)
        // One of four frames went through the network.
        #expect(row["reusedFrames"] as? Double == 0.75)
        let (largest, mean) = (row["largestDistance"] as? Double, row["meanDistance"] as? Double)
        #expect(largest != nil && mean != nil && (largest ?? 0) >= (mean ?? 1))
        #expect((row["cosineToFull"] as? Double).map { $0 <= 1.000001 && $0 >= -1 } == true)
        #expect(row["labels"] != nil && row["path"] as? String == workspace.clip)
        let text = try sora(["classify", workspace.model, workspace.clip] + options)
        #expect(
            text.output.contains("frames off by ") && text.output.contains("75.0% of frames reused; cosine to full"))
    }

    @Test func embed() throws {
        let workspace = try Workspace.shared
        let out = try workspace.newFolder() + "/vectors.npy"
        let outcome = try sora("embed", workspace.model, workspace.clip, "--out", out, "--reuse", "0")
        #expect(outcome.status == 0)
        #expect(outcome.lines.first?.contains("% of frames reused") == true && outcome.lines.count == 2)
        let json = try sora("embed", workspace.model, workspace.clip, "--json", "--sampling", "fast")
        let row = try #require(json.objects().first)
        #expect(row["embedding"] != nil && row["largestDistance"] is Double && row["reusedFrames"] == nil)
    }

    @Test func frames() throws {
        let workspace = try Workspace.shared
        let exact = try sora("frames", workspace.clip, "--count", "3", "--json").objects().first
        let fast = try sora("frames", workspace.clip, "--count", "3", "--sampling", "fast", "--json").objects().first
        func seconds(_ listing: [String: Any]?) -> [Double] {
            (listing?["frames"] as? [[String: Any]])?.compactMap { $0["seconds"] as? Double } ?? []
        }
        #expect(seconds(exact).count == 3 && seconds(fast).count == 3)
        #expect(exact?["largestDistance"] == nil)
        let worst = zip(seconds(exact), seconds(fast)).map { abs($0 - $1) }.max() ?? -1
        #expect(abs((fast?["largestDistance"] as? Double ?? -2) - worst) < 1e-6)
        #expect(try sora("frames", workspace.clip, "--sampling", "fast").output.contains("frames off by "))
    }

    @Test func whatMakesNoSenseIsRefused() throws {
        let workspace = try Workspace.shared
        for options in [["--compare"], ["--reuse", "-1"], ["--reuse", "256"], ["--sampling", "near"]] {
            #expect(try sora(["classify", workspace.model, workspace.clip] + options).status == 64, "\(options)")
        }
        #expect(try sora("frames", workspace.clip, "--rate", "2", "--sampling", "fast").status == 64)
    }
}
