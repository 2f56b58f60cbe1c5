C SPDX-License-Identifier: MIT OR Apache-2.0
C     A subroutine as programs have had them for forty years: fixed form,
C     an assumed-size array, called without an interface. It knows nothing
C     of views. WHEREIS tells at which address the array was received.
      SUBROUTINE MOYENNE (CHAMP, NI, NJ, RMOY, NOU)
      INTEGER NI, NJ
      REAL CHAMP(NI,*)
      DOUBLE PRECISION RMOY
      INTEGER*8 NOU
      INTEGER I, J
      EXTERNAL WHEREIS
      RMOY = 0.0D0
      DO 20 J = 1, NJ
         DO 10 I = 1, NI
            RMOY = RMOY + CHAMP(I,J)
   10    CONTINUE
   20 CONTINUE
      RMOY = RMOY / (NI*NJ)
      CALL WHEREIS (CHAMP, NOU)
      RETURN
      END
