namespace OrcaSong.Detectors;

/// <summary>The point closest to a module's PMT axes.</summary>
internal static class AxisIntersection
{
    /// <summary>
    /// Smallest determinant, in units of the cubed trace, of axes that fix a point; it is 1/27 for axes in all directions, and
    /// about 1e-16 for parallel ones.
    /// </summary>
    private const double SmallestDeterminant = 1e-13;

    /// <summary>
    /// The point x with the least sum of squared distances to the axes, from the normal equations sum(I - n n') (x - p) = 0. Parallel
    /// axes leave it open along themselves; the mean position of the PMTs is then the solution of least norm about that mean.
    /// </summary>
    internal static Position Find(PmtTable pmts, int firstRow, int count)
    {
        var mean = MeanPosition(pmts, firstRow, count);
        double xx = 0, xy = 0, xz = 0, yy = 0, yz = 0, zz = 0;
        double bx = 0, by = 0, bz = 0;
        for (var row = firstRow; row < firstRow + count; row++)
        {
            double nx = pmts.DirX[row], ny = pmts.DirY[row], nz = pmts.DirZ[row];
            var norm = Math.Sqrt((nx * nx) + (ny * ny) + (nz * nz));
            if (norm == 0)
            {
                continue; // no direction, no axis
            }

            nx /= norm;
            ny /= norm;
            nz /= norm;

            // Relative to the mean, so that nothing cancels in detectors whose origin is kilometres away.
            double px = pmts.PosX[row] - mean.X, py = pmts.PosY[row] - mean.Y, pz = pmts.PosZ[row] - mean.Z;
            var along = (nx * px) + (ny * py) + (nz * pz);
            xx += 1 - (nx * nx);
            yy += 1 - (ny * ny);
            zz += 1 - (nz * nz);
            xy -= nx * ny;
            xz -= nx * nz;
            yz -= ny * nz;
            bx += px - (nx * along);
            by += py - (ny * along);
            bz += pz - (nz * along);
        }

        // Cramer's rule: the matrix is symmetric, so its cofactors are too.
        double cxx = (yy * zz) - (yz * yz), cxy = (xz * yz) - (xy * zz), cxz = (xy * yz) - (xz * yy);
        double cyy = (xx * zz) - (xz * xz), cyz = (xy * xz) - (xx * yz), czz = (xx * yy) - (xy * xy);
        var determinant = (xx * cxx) + (xy * cxy) + (xz * cxz);
        var trace = xx + yy + zz;
        if (!(determinant > SmallestDeterminant * trace * trace * trace))
        {
            return mean;
        }

        return mean + new Position(
            ((cxx * bx) + (cxy * by) + (cxz * bz)) / determinant,
            ((cxy * bx) + (cyy * by) + (cyz * bz)) / determinant,
            ((cxz * bx) + (cyz * by) + (czz * bz)) / determinant);
    }

    private static Position MeanPosition(PmtTable pmts, int firstRow, int count)
    {
        double x = 0, y = 0, z = 0;
        for (var row = firstRow; row < firstRow + count; row++)
        {
            x += pmts.PosX[row];
            y += pmts.PosY[row];
            z += pmts.PosZ[row];
        }

        return new Position(x / count, y / count, z / count);
    }
}
