using '../eventGrid.bicep'

param functionAppName = 'func-aks-subnet-auditor'
param functionAppResourceGroup = 'rg-aks-subnet-auditor-prod'
