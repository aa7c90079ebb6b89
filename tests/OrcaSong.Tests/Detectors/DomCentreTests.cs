using OrcaSong.Detectors;
using OrcaSong.Tests.Numerics;
using Xunit;

namespace OrcaSong.Tests.Detectors;

public class DomCentreTests
{
    /// <summary>What km3pipe finds, including the noise of its solver.</summary>
    [Theory]
    [InlineData("KM3NeT_00000049_20200707.detx", 458.41666159134473, 574.7166687529369, 113.86196451110592)]
    [InlineData("neutrino_detector_file.detx", 0.02002264598577968, -0.04003089361865801, 111.18612404995353)]
    [InlineData("KM3NeT_-00000001_20171212.detx", -58.75166782379619, 26.5, 370.99998264319873)]
    public void MeanEqualsThePythonTool(string file, double x, double y, double z)
    {
        var centre = Detector.Load(Shared.Path("data", file)).MeanDomCentre()!.Value;
        Assert.Equal(x, centre.X, 1e-10);
        Assert.Equal(y, centre.Y, 1e-10);
        Assert.Equal(z, centre.Z, 1e-10);
    }

    /// <summary>An independent solution: least squares over the stacked projectors of all axes.</summary>
    [Theory]
    [InlineData("km3net-testdata/detx_v1.detx")]
    [InlineData("km3net-testdata/detx_v4.detx")]
    [InlineData("km3net-testdata/detx_v5.detx")]
    public void EachEqualsNumPysLeastSquares(string file)
    {
        var detector = Detector.Load(Shared.Path("data", file));
        foreach (var dom in detector.Doms.Where(dom => dom.PmtCount > 0).Take(8))
        {
            var pmts = detector.Pmts;
            var input = new List<double>();
            for (var row = dom.FirstPmtRow; row < dom.FirstPmtRow + dom.PmtCount; row++)
            {
                input.AddRange([pmts.PosX[row], pmts.PosY[row], pmts.PosZ[row], pmts.DirX[row], pmts.DirY[row], pmts.DirZ[row]]);
            }

            var expected = NumPyOracle.Run<double>(
                """
                table = take("f8").reshape(-1, 6)
                n = table[:, 3:] / np.linalg.norm(table[:, 3:], axis=1)[:, None]
                p = np.eye(3) - n[:, :, None] * n[:, None, :]
                give(np.linalg.lstsq(p.reshape(-1, 3), np.einsum("kij,kj->ki", p, table[:, :3]).ravel(), rcond=None)[0])
                """,
                NumPyOracle.Bytes<double>([.. input]));
            var centre = detector.DomCentre(dom)!.Value;
            Assert.Equal(expected[0], centre.X, 1e-9);
            Assert.Equal(expected[1], centre.Y, 1e-9);
            Assert.Equal(expected[2], centre.Z, 1e-9);
        }
    }

    [Fact]
    public void LiesAtThePositionOfV4()
    {
        var detector = Detector.Load(Shared.Path("data", "km3net-testdata", "detx_v4.detx"));
        Assert.All(detector.Doms, dom =>
        {
            var distance = detector.DomCentre(dom)!.Value - dom.Placement!.Position;
            Assert.InRange(Math.Max(Math.Abs(distance.X), Math.Max(Math.Abs(distance.Y), Math.Abs(distance.Z))), 0, 0.01);
        });
    }

    [Fact]
    public void ModulesWithoutPmtsDoNotCount()
    {
        const string Axes = "11 1 0 5  1 0 0  0\n12 0 1 5  0 1 0  0\n";
        var detector = Detector.Parse($"1 2\n1 1 0 0\n2 1 1 2\n{Axes}", "base.detx");
        Assert.Null(detector.DomCentre(detector.Doms[0]));
        Assert.Equal(new Position(0, 0, 5), detector.MeanDomCentre());
        Assert.Null(Detector.Parse("1 1\n1 1 0 0\n", "empty.detx").MeanDomCentre());
    }

    [Theory]
    [InlineData("1 1\n1 1 1 1\n 5 3 4 5 0 0 1 0\n", 3, 4, 5)]
    [InlineData("1 1\n1 1 1 2\n 5 1 4 5 0.3 0.4 0.866 0\n 6 3 4 7 -0.3 -0.4 -0.866 0\n", 2, 4, 6)]
    [InlineData("1 1\n1 1 1 1\n 5 3 4 5 0 0 0 0\n", 3, 4, 5)]
    public void ParallelOrMissingAxesGiveTheMeanPosition(string text, double x, double y, double z)
    {
        var detector = Detector.Parse(text, "parallel.detx");
        Assert.Equal(new Position(x, y, z), detector.DomCentre(detector.Doms[0]));
    }
}
